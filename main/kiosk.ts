import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { drawChallenge } from './biometrics/face/challenge-plan.ts';
import { identificationThreshold } from './biometrics/face/face-comparison.ts';
import { FaceGallery, galleryModel } from './biometrics/face/face-gallery.ts';
import { openFaceEngine } from './biometrics/face/face-engine.ts';
import { listThreshold } from './biometrics/finger/finger.ts';
import { FingerGallery } from './biometrics/finger/finger-gallery.ts';
import type { Audience as AudienceName, KioskConfig } from './config/config.ts';
import { openAudience } from './contract/audience.ts';
import type { Evidence } from './contract/crossing.ts';
import { Fault } from './contract/fault.ts';
import { guard } from './contract/guard.ts';
import { identifiersFollow, newIdentifier } from './contract/identifier.ts';
import type { LimenRecord } from './contract/record.ts';
import { type Diagnostics, technician } from './contract/technician.ts';
import { traveller } from './contract/traveller.ts';
import type { WatchlistSnapshot } from './contract/watchlist.ts';
import type { Wire } from './contract/wire.ts';
import { openCases } from './crossing/cases.ts';
import { openDocumentStation } from './crossing/document-station.ts';
import { openFaceStation } from './crossing/face-station.ts';
import { letThrough, type Passage } from './crossing/gate-station.ts';
import { openFingerStation } from './crossing/finger-station.ts';
import { openFingerTrial } from './crossing/finger-trial.ts';
import { openSlapStation } from './crossing/slap-station.ts';
import { openPages } from './crossing/pages.ts';
import { performance } from './crossing/performance.ts';
import { alarmRecords, crossingRecords, guardRecord } from './crossing/records.ts';
import type { ByteBus } from './devices/byte-port.ts';
import type { HidBus } from './devices/hid-port.ts';
import { CameraDocumentReader } from './devices/camera-document-reader.ts';
import { PageCamera } from './devices/page-camera.ts';
import { openDevices } from './devices/registry.ts';
import type { UsbBus } from './devices/usb-port.ts';
import { openMeasures } from './diagnostics/measures.ts';
import { trustView } from './diagnostics/trust.ts';
import { parkedPackets } from './diagnostics/parked.ts';
import { softwareVersions } from './diagnostics/versions.ts';
import { openMrzEngine } from './document/ocr/mrz-engine.ts';
import { runJourney } from './journey/runner.ts';
import { viewOf } from './journey/view.ts';
import type { Log } from './log.ts';
import { programFile } from './root.ts';
import { openKeptStore } from './store/open-kept-store.ts';
import { openCentralLine } from './uplink/central-line.ts';
import { readCredentials } from './uplink/credentials.ts';
import { sealRecord } from './uplink/seal.ts';
import { startUplink } from './uplink/uplink.ts';
import { decide } from './watchlist/decision.ts';
import { openWatchlist } from './watchlist/watchlist.ts';

/** How often is looked whether the mark against old copies of the store is due. */
const guardingMs = 600_000;

/** No crossing starts when the key to seal its record to ends before this is over. */
const longestCrossingMs = 15 * 60_000;

/** How the kiosk reaches its devices; the product brings the machine's own, a demonstration simulated ones. */
export interface KioskLinks {
  readonly hid: HidBus;
  readonly bytes: ByteBus;
  /** Left out where no device is of a USB class of its own. */
  readonly usb?: UsbBus;
}

export interface Kiosk {
  /** Serves a window what its audience may have. */
  attach(audience: AudienceName, wire: Wire): void;
  /** Replaces the local watchlist, on disk and in memory. Fault `watchlist.malformed`. */
  importWatchlist(snapshot: WatchlistSnapshot): void;
  close(): Promise<void>;
}

/** Opens every room and joins them: the composition root. */
export async function openKiosk(options: { config: KioskConfig; links: KioskLinks; log: Log }): Promise<Kiosk> {
  const { config, links, log } = options;
  const now = () => Date.now();
  const credentials = readCredentials(config.central.credentials);
  const { kioskId, tls } = credentials;
  const today = () => new Date(now()).toISOString().slice(0, 10);
  const origin = () => ({ kioskId, nowMs: now() });

  mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
  const { tpm } = config;
  const { officeKey } = credentials;
  const kept = await openKeptStore({
    directory: config.stateDir,
    now,
    ...(tpm && { tpm }),
    ...(officeKey && { officeKey }),
  });
  const { store } = kept;
  let guarded = kept.guard !== undefined;
  identifiersFollow(store.outbox.newestId());
  const engine = await openFaceEngine({ modelsDir: programFile('models', 'onnx'), embedder: config.models.face });
  const central = await openCentralLine({
    url: config.central.url,
    directory: config.central.credentials,
    credentials,
    kept: store.keyDocument,
    maxAgeMs: config.central.keysMaxAgeDays * 86_400_000,
    now,
    onChange: () => refresh(),
  });
  const { ring } = central;
  const pages = openPages(() => openMrzEngine({ modelsDir: programFile('models', 'onnx') }));
  const devices = openDevices({ roles: config.devices, ...links });
  const measures = openMeasures();
  const wanted = { face: config.devices.faceCamera ?? null, document: config.devices.documentCamera ?? null };
  const cameras = { face: new PageCamera('face', wanted.face), document: new PageCamera('document', wanted.document) };
  const shownCameras = wanted.document ? [cameras.face, cameras.document] : [cameras.face];
  const pageReader = new CameraDocumentReader(cameras.document);

  const uplink = startUplink({
    outbox: store.outbox,
    url: config.central.url,
    tls,
    receiptKey: ring.receiptKey,
    kioskId,
    transport: central.line,
    onChange() {
      if (uplink.lastFault() === 'uplink.receipt') central.askForKeys();
      refresh();
    },
  });
  const conclude = async (crossingId: string, outcome: string, records: readonly LimenRecord[]) => {
    const packets = await Promise.all(records.map((record) => sealRecord(record, ring.sealingKey())));
    store.conclude({ crossingId, outcome }, packets);
    log('crossing concluded', { outcome });
    uplink.nudge();
  };

  const notAnswered = (role: string) => (error: unknown) =>
    log('device failed', { role, fault: Fault.from(error).code });

  /** Someone went through the gate with the one whom a guard let through. */
  const followed = (crossingId: string) => (how: Passage) => {
    if (how !== 'not-alone') return;
    log('gate not alone', {});
    conclude(crossingId, 'admit', alarmRecords(origin(), crossingId, [{ code: 'tailgating' }])).catch(
      (error: unknown) => log('alarm not stored', { fault: Fault.from(error).code }),
    );
  };

  const searchers = {
    fingers: () => new FingerGallery(),
    faces: () => new FaceGallery(galleryModel(config.models.face)),
  };
  const emptyList: WatchlistSnapshot = { version: 'none', issuedAt: new Date(0).toISOString(), alerts: [] };
  const openList = (snapshot: WatchlistSnapshot) =>
    openWatchlist(snapshot, searchers, {
      fingerThreshold:
        config.thresholds.watchlistFinger ??
        listThreshold(snapshot.alerts.reduce((sum, { fingers }) => sum + fingers.length, 0)),
      faceThreshold: config.thresholds.watchlistFace ?? identificationThreshold(config.models.face),
      maximumAgeMs: config.watchlist.maxAgeHours * 3_600_000,
    });
  let list = openList(store.watchlist.load() ?? emptyList);
  const context = () => ({ fallback: uplink.status() === 'offline', watchlistVersion: list.version });

  const cases = openCases(engine, () => guards.tell('cases', cases.list()));
  const face = openFaceStation({
    engine,
    threshold: config.thresholds.face,
    captureMs: config.journey.faceCaptureMs,
    cameraFaultMs: config.journey.cameraFaultMs,
    challenge: {
      draw: () => drawChallenge(() => randomInt(2 ** 32) / 2 ** 32, config.journey.challengeTurns),
      longestMs: config.journey.challengeMs,
    },
  });

  // A kiosk may have a four-finger scanner in place of one for single fingers.
  const openFinger = config.devices.slapScanner && !config.devices.fingerScanner ? openSlapStation : openFingerStation;
  const journey = runJourney({
    limits: config.journey,
    spansMs: config.journey.spansMs,
    warnMs: config.journey.warnMs,
    perform: performance({
      document: openDocumentStation({
        devices: wanted.document ? { reader: (signal) => pageReader.ready(signal) } : devices,
        pages,
        today,
        portraitMs: 5000,
      }),
      face,
      finger: openFinger({ devices, quality: config.thresholds.fingerQuality }),
      devices,
      store,
      cases,
      measures,
      origin,
      context,
      conclude,
      decide: async (evidence: Evidence, signal) => {
        const { document, face: live, finger } = evidence;
        const subject = {
          ...(document && { document }),
          ...(live && { face: live.template }),
          ...(finger && { finger }),
        };
        const search = await list.search(subject, signal);
        // A document that was not accepted ends the crossing before biometrics are asked for.
        const asked = !evidence.reasons.some(({ code }) => code.startsWith('document-'));
        return decide(evidence, search, {
          today: today(),
          faceRequired: asked,
          // Whom the portrait does not match is referred without one.
          challengeRequired:
            asked && config.journey.challengeAttempts > 0 && evidence.face?.comparison?.matched !== false,
          fingerRequired: asked,
        });
      },
    }),
    onState(state) {
      travellers.tell('view', viewOf(state, config.journey));
      if (state.stage === 'attract') queueMicrotask(checkAvailability);
      refresh();
    },
    onWarning: (warning) => travellers.tell('warning', warning),
  });

  const travellers = openAudience(traveller, {
    begin: () => journey.send({ type: 'begun', crossingId: newIdentifier(now()) }),
    choose: ({ language }) => journey.send({ type: 'chose', language }),
    stay: () => journey.send({ type: 'stayed' }),
    leave: () => journey.send({ type: 'left' }),
    help: () => journey.send({ type: 'helped' }),
    frame: (frame) => measures.time('frame', () => face.offer(frame)),
    page: async ({ bytes }) => ({ wanted: await measures.time('page', () => pageReader.offer(bytes)) }),
    camera(report) {
      const camera = cameras[report.role];
      const before = camera.ready;
      camera.set(report);
      if (report.role === 'face') face.camera(report);
      if (camera.ready !== before) checkAvailability();
      refresh();
    },
  });
  const guards = openAudience(guard, {
    async decide({ crossingId, outcome, reason }) {
      const record = guardRecord(origin(), crossingId, { guardId: config.guard.id, outcome, reason });
      await cases.settle(crossingId, () => conclude(crossingId, outcome, [record]));
      if (outcome === 'admit')
        letThrough(devices, config.journey.spansMs.passed).then(followed(crossingId), notAnswered('gate'));
    },
  });
  const trial = openFingerTrial({
    devices,
    idle: () => ['attract', 'unavailable'].includes(journey.state.stage),
    tell: (told) => technicians.tell('trial', told),
    changed: () => checkAvailability(),
  });
  const technicians = openAudience(technician, {
    tryFinger: () => trial.run(),
    endTrial: () => trial.stop(),
    unpark({ id }) {
      const packets = store.outbox.unpark(id);
      log('packet tried again', { count: packets });
      uplink.nudge();
      refresh();
      return { packets };
    },
    selfTest: ({ role }) =>
      shownCameras.find((camera) => camera.role === role)?.selfTest() ??
      devices.selfTest(role, AbortSignal.timeout(20_000)),
  });

  const gateView = () => ({
    door: devices.sight()?.mode === 'released' ? ('released' as const) : devices.door(),
    stage: journey.state.stage,
    uplink: uplink.status(),
    queued: store.outbox.stats().ready,
  });
  const versions = { ...softwareVersions(), kiosk: kioskId };
  const diagnostics = (): Diagnostics => ({
    devices: [...devices.view(), ...shownCameras.map((camera) => camera.view())],
    queue: {
      ...store.outbox.stats(),
      uplink: uplink.status(),
      lastFault: uplink.lastFault(),
      admission: store.admission(),
      parkedPackets: parkedPackets(store.outbox),
    },
    trust: trustView({ storeKey: kept.keyIn, rollback: guarded ? 'guarded' : 'unguarded', ...central.standing() }, now()),
    versions: { ...versions, watchlist: list.version },
    measures: measures.view(),
  });

  /** Devices that a crossing cannot do without, a gate that obeys, room to store it and a key to seal it to; and whether the traveller is alone. */
  const checkAvailability = () => {
    const { people = 0, mode } = devices.sight() ?? {};
    if (people > 1) journey.send({ type: 'crowded', reason: 'second-person' });
    const present = devices.view().every(({ state }) => state === 'ready' || state === 'busy');
    const seen = shownCameras.every(({ ready }) => ready);
    const open =
      present && seen && mode !== 'released' && store.admits() && ring.lasts(longestCrossingMs) && !trial.running;
    journey.send({ type: 'availability', open });
  };
  let told = '';
  const refresh = () => {
    const views = [gateView(), diagnostics()] as const;
    const telling = JSON.stringify(views);
    if (telling === told) return;
    told = telling;
    guards.tell('gate', views[0]);
    technicians.tell('diagnostics', views[1]);
  };

  travellers.tell('view', viewOf(journey.state, config.journey));
  travellers.tell('warning', null);
  travellers.tell('cameras', wanted);
  guards.tell('cases', []);
  for (const { crossingId } of store.interrupted()) {
    const decision = { outcome: 'refer' as const, reasons: [{ code: 'interrupted' as const }] };
    const evidence = { reasons: decision.reasons };
    await conclude(crossingId, 'refer', crossingRecords(origin(), crossingId, evidence, decision, context()));
    await cases.add(crossingId, now(), evidence, decision);
    journey.send({ type: 'interrupted' });
  }
  const unwatch = devices.onChange(() => {
    checkAvailability();
    refresh();
  });
  const moveOn = async () => {
    try {
      await kept.guard?.advance();
      guarded = kept.guard !== undefined;
    } catch (error) {
      guarded = false;
      log('store unguarded', { fault: Fault.from(error).code });
    }
  };
  const guarding = setInterval(() => void moveOn(), guardingMs);
  const beat = setInterval(() => {
    checkAvailability();
    refresh();
  }, 1000);
  checkAvailability();
  refresh();

  return {
    attach: (audience, wire) =>
      ({ traveller: travellers, guard: guards, technician: technicians })[audience].attach(wire),
    importWatchlist(snapshot) {
      const opened = openList(snapshot);
      try {
        store.watchlist.replace(snapshot);
      } catch (error) {
        opened.close();
        throw error;
      }
      list.close();
      list = opened;
      refresh();
    },
    async close() {
      clearInterval(beat);
      clearInterval(guarding);
      trial.stop();
      unwatch();
      journey.close();
      list.close();
      await central.stop();
      await uplink.stop();
      await devices.close();
      await pages.close();
      await engine.close();
      store.close();
    },
  };
}
