import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { checkConfig } from '../main/config/config.ts';
import {
  type Case,
  type GateView,
  guard,
  type Notice,
  type Present,
  type SearchStatus,
} from '../main/contract/guard.ts';
import type { CameraFrame, GreyImage, Rect } from '../main/contract/image.ts';
import { laneOf } from '../main/contract/packet.ts';
import { type Diagnostics, technician, type Trial } from '../main/contract/technician.ts';
import { traveller, type View } from '../main/contract/traveller.ts';
import type { WatchlistSnapshot } from '../main/contract/watchlist.ts';
import { connect } from '../main/contract/wire.ts';
import { reportInterface } from '../main/devices/usb-report-port.ts';
import { systemClock as clock } from '../main/devices/clock.ts';
import type { DeviceRoles } from '../main/devices/device-roles.ts';
import { openKiosk } from '../main/kiosk.ts';
import type { AskedLine } from '../main/search/asking.ts';
import { readOrCreateKey } from '../main/store/key.ts';
import { openStore } from '../main/store/store.ts';
import { modelsDir, prepareModels } from '../models/prepare.ts';
import { exampleConfig } from './sim/demo/example-config.ts';
import { documentOf, fingerImage } from './sim/demo/props.ts';
import { travellers } from './sim/demo/travellers.ts';
import { DocumentReaderModel, type PlacedDocument } from './sim/devices/document-reader-model.ts';
import { FingerImagerModel } from './sim/devices/finger-imager-model.ts';
import { GateModel, type GateModelOptions } from './sim/devices/gate-model.ts';
import { SimByteBus } from './sim/devices/sim-byte-bus.ts';
import { SimUsbBus } from './sim/devices/sim-usb-bus.ts';
import { SlapImagerModel } from './sim/devices/slap-imager-model.ts';
import { SimHidBus } from './sim/devices/sim-hid-bus.ts';
import { cameraFrame } from './sim/face/camera.ts';
import { type Behaviour, filmChallenge } from './sim/face/follower.ts';
import { people } from './sim/face/people.ts';
import { renderScene } from './sim/face/scene.ts';
import { createPki } from './sim/pki/pki.ts';
import { wirePair } from './sim/wire.ts';

const clear = travellers.find(({ name }) => name === 'clear')!;
const finger = fingerImage(clear.finger, 0, 'good');
/** Whose face the traveller of these tests has. */
export const face = people[clear.person];
/** What the traveller brings. */
export const passport: PlacedDocument = await documentOf(clear);
const film = await Promise.all(Array.from({ length: 12 }, (_, index) => renderScene({ person: face, seed: 1 }, index)));
await prepareModels(modelsDir, () => {});

// A test that fails leaves its kiosk and the windows' wires open, which would keep the process from ending.
const left = new Set<() => Promise<void>>();
after(async () => {
  for (const close of left) await close();
});

/** What is left of crossings once a kiosk is closed: on its disk, and with the guard. */
export interface Left {
  readonly underWay: number;
  /** What was decided, by the machine or by a guard. */
  readonly queued: number;
  readonly cases: number;
}

/**
 * The whole core of a kiosk in this process, on simulated devices and without a central, and both ends of its windows. With the
 * image of a hand its scanner is one for four fingers.
 */
export async function openGate(
  journey: object = {},
  {
    roles,
    hand,
    board = {},
    systems,
    onAsked,
    watchlist = { version: 1, madeAt: new Date().toISOString(), alerts: [] },
  }: {
    roles?: DeviceRoles;
    hand?: GreyImage;
    board?: Pick<GateModelOptions, 'features'>;
    /** Starts central on its folder; gives its port, and how the kiosk is to ask it. */
    systems?: (centralFolder: string) => Promise<{ centralPort: number; search?: object; audit?: object }>;
    onAsked?: (line: AskedLine) => void;
    watchlist?: WatchlistSnapshot;
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'limen-kiosk-'));
  const pki = await createPki(join(folder, 'pki'), { kiosks: ['gate-1'] });
  const stateDir = join(folder, 'state');
  const { centralPort, ...asking } = (await systems?.(pki.central)) ?? { centralPort: 9 };
  const written = { ...exampleConfig({ stateDir, credentials: pki.kiosks['gate-1']!, centralPort }), ...asking };
  const { fingerScanner: _, ...others } = written.devices;
  const devices = roles ?? (hand ? { ...others, slapScanner: {} } : written.devices);
  const config = checkConfig(
    { ...written, devices, journey: { slotMs: 0, ...journey }, watchlist: { afterPowerLoss: 'clock' } },
    join(folder, 'kiosk.json'),
  );
  const [hid, bytes] = [new SimHidBus(clock), new SimByteBus(clock)];
  const usb = new SimUsbBus(clock);
  const slaps = hand && new SlapImagerModel({ clock, image: () => hand });
  const scanner = slaps?.imager ?? new FingerImagerModel({ clock, fragmentReportBytes: 1024, image: () => finger });
  const reader = new DocumentReaderModel({ clock, opticalMs: 0, chipMs: 0, gives: 'lines portrait page' });
  const door = new GateModel({ clock, travelMs: 0, ...board });
  if (slaps) usb.plug(slaps, { interfaces: [{ number: 0, ...reportInterface }] });
  else hid.plug(scanner);
  bytes.plug(reader, { serial: 'DR-0001' });
  bytes.plug(door, { serial: 'GB-0001' });
  const logged: string[] = [];
  const kiosk = await openKiosk({
    config,
    links: { hid, bytes, usb },
    log: (event, facts) => logged.push(JSON.stringify({ event, ...facts })),
    ...(onAsked && { onAsked }),
  });
  const [page, booth, bench] = [wirePair(), wirePair(), wirePair()];
  const closeAll = async () => {
    left.delete(closeAll);
    await kiosk.close();
    for (const wire of [page, booth, bench]) wire.close();
  };
  left.add(closeAll);
  await kiosk.importWatchlist(watchlist);

  kiosk.attach('technician', bench.near);
  const toTechnician: string[] = [];
  kiosk.attach('technician', {
    post: (message) => toTechnician.push(JSON.stringify(message)),
    listen: () => () => {},
    onClose: () => {},
  });
  const tools = connect(technician, bench.far);
  const shown: { diagnostics?: Diagnostics; trials: Trial[] } = { trials: [] };
  tools.diagnostics((next) => (shown.diagnostics = next));
  tools.trial((next) => shown.trials.push(next));
  kiosk.attach('traveller', page.near);
  kiosk.attach('guard', booth.near);
  const screen = connect(traveller, page.far);
  const desk = connect(guard, booth.far);
  let cases: readonly Case[] = [];
  desk.cases((next) => (cases = next));
  const told: { present: Present; notices: readonly Notice[]; search?: SearchStatus; gate?: GateView } = {
    present: null,
    notices: [],
  };
  desk.present((next) => (told.present = next));
  desk.notices((next) => (told.notices = next));
  desk.search((next) => (told.search = next));
  desk.gate((next) => (told.gate = next));
  // A window within the core's reach: what is posted to it is not copied.
  let held: readonly Case[] = [];
  kiosk.attach('guard', {
    post: (message) => {
      const { tell, value } = message as { tell?: string; value?: readonly Case[] };
      if (tell === 'cases' && value) held = value;
    },
    listen: () => () => {},
    onClose: () => {},
  });

  const views = new Set<(view: View) => void>();
  const shownViews: View[] = [];
  let view: View = { stage: 'unavailable', language: null };
  screen.view((next) => {
    view = next;
    shownViews.push(next);
    for (const hear of views) hear(next);
  });
  const at = (...stages: View['stage'][]) =>
    new Promise<View>((resolve) => {
      const hear = (next: View) => {
        if (!stages.includes(next.stage)) return;
        views.delete(hear);
        resolve(next);
      };
      views.add(hear);
      hear(view);
    });

  let sequence = 0;
  let log = '';
  let packets: readonly { kind: string; bytes: number }[] = [];
  /** Stands before the camera until the capture has what it wants. */
  const lookAtCamera = async () => {
    let crop: Rect | null = null;
    while (view.stage === 'face') {
      const answer = await screen.frame(cameraFrame(film[sequence % film.length]!, sequence++, crop));
      crop = answer.crop;
      if (!answer.wanted) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** Lays the finger on the glass; gives how the crossing ends. */
  const touch = async () => {
    await at('finger');
    scanner.finger(true);
    const ended = await at('passed', 'referred');
    scanner.finger(false);
    return ended;
  };
  /** Walks from the attract screen to a stage. */
  const walkTo = async (
    stage: 'language' | 'document' | 'face' | 'challenge' | 'finger' | 'passed',
    document = passport,
  ) => {
    await at('attract');
    await screen.begin();
    if (stage === 'language') return at('language');
    await screen.choose({ language: 'en' });
    await at('document');
    if (stage === 'document') return view;
    reader.place(document);
    await at('face', 'referred');
    reader.remove();
    if (stage === 'face') return view;
    await lookAtCamera();
    return stage === 'passed' ? touch() : at(stage);
  };
  /** Acts before the camera for so many frames of a challenge at most, or to the end of an attempt. */
  const follow = async (act: Behaviour, frames = Infinity) => {
    const offer = async (frame: CameraFrame) => {
      const answer = await screen.frame(frame);
      return { ...answer, prompt: view.stage === 'challenge' ? view.prompt : ('centre' as const) };
    };
    sequence += 1000;
    return filmChallenge({ offer }, act, frames, sequence);
  };

  return {
    importWatchlist: (snapshot: WatchlistSnapshot) => kiosk.importWatchlist(snapshot),
    kiosk,
    stateDir,
    /** All that went to the log of the process, and to a technician's window, as text. */
    logged,
    toTechnician,
    screen,
    desk,
    tools,
    shown,
    scanner,
    page,
    booth,
    door,
    reader,
    at,
    /** Every view that the traveller's window was sent. */
    shownViews,
    /** Is called with each view from now on, until the function it gives is called. */
    watch(hear: (view: View) => void) {
      views.add(hear);
      return () => void views.delete(hear);
    },
    walkTo,
    follow,
    touch,
    /** Goes through the gate as soon as it is open. */
    async pass() {
      while (door.door !== 'OPEN') await new Promise((resolve) => setTimeout(resolve, 10));
      door.passage();
      await at('attract');
    },
    cases: () => cases,
    /** What else the guard is told. */
    told,
    /** The same cases as the core holds them: their images are its own, no copies. */
    held: () => held,
    /** Resolves when the guard has so many cases. */
    async waitForCases(count: number) {
      while (cases.length !== count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    /** The log of a kiosk that was closed, as a file. */
    log: () => log,
    /** What a kiosk that was closed had to send, in the order of sending. */
    packets: () => packets,
    /** Closes the kiosk and tells what it leaves. */
    async close(): Promise<Left> {
      const waiting = cases.length;
      await closeAll();
      const store = openStore({
        file: join(config.stateDir, 'limen.db'),
        key: readOrCreateKey(join(config.stateDir, 'limen.key')),
      });
      const queue = store.outbox.next({ maxRows: 1000, maxBytes: Infinity });
      const queued = queue.filter(({ packet }) => laneOf[packet.kind] === 'records').length;
      log = [...store.audit.rows()].join('');
      packets = queue.map(({ packet }) => ({ kind: packet.kind, bytes: packet.sealed.length }));
      const still = { underWay: store.interrupted().length, queued, cases: waiting };
      store.close();
      rmSync(folder, { recursive: true, force: true });
      return still;
    },
  };
}
