import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { drawChallenge } from './biometrics/face/challenge-plan.ts';
import { openFaceEngine } from './biometrics/face/face-engine.ts';
import type { Audience as AudienceName, KioskConfig } from './config/config.ts';
import { openAudience } from './contract/audience.ts';
import { guard } from './contract/guard.ts';
import { identifiersFollow, newIdentifier } from './contract/identifier.ts';
import { technician } from './contract/technician.ts';
import { traveller } from './contract/traveller.ts';
import type { WatchlistSnapshot } from './contract/watchlist.ts';
import type { Wire } from './contract/wire.ts';
import { openAlarms } from './crossing/alarms.ts';
import { type Cases, openCases } from './crossing/cases.ts';
import { openCentralSystems } from './crossing/central-systems.ts';
import { openDocumentStation } from './crossing/document-station.ts';
import { openFaceStation } from './crossing/face-station.ts';
import { openFingerStation } from './crossing/finger-station.ts';
import { openFingerTrial } from './crossing/finger-trial.ts';
import { openSlapStation } from './crossing/slap-station.ts';
import { openGuardNews } from './crossing/guard-news.ts';
import { openNotices } from './crossing/notices.ts';
import { openPages } from './crossing/pages.ts';
import { performance } from './crossing/performance.ts';
import { crossingRecords } from './crossing/records.ts';
import type { ByteBus } from './devices/byte-port.ts';
import type { HidBus } from './devices/hid-port.ts';
import { CameraDocumentReader } from './devices/camera-document-reader.ts';
import { PageCamera } from './devices/page-camera.ts';
import { openDevices } from './devices/registry.ts';
import type { UsbBus } from './devices/usb-port.ts';
import { openMeasures } from './diagnostics/measures.ts';
import { trustView } from './diagnostics/trust.ts';
import { softwareVersions } from './diagnostics/versions.ts';
import { openMrzEngine } from './document/ocr/mrz-engine.ts';
import { runJourney } from './journey/runner.ts';
import { viewOf } from './journey/view.ts';
import { watchDoings } from './keeping/doings.ts';
import { causeOfAbsence } from './kiosk/availability.ts';
import { deciding } from './kiosk/deciding.ts';
import { guardCalls } from './kiosk/guard-calls.ts';
import { openKeepers } from './kiosk/keepers.ts';
import { openListUpkeep } from './kiosk/list-upkeep.ts';
import { openOwnStore } from './kiosk/own-store.ts';
import { technicianCalls } from './kiosk/technician-calls.ts';
import { drawViews } from './kiosk/views.ts';
import type { Log } from './log.ts';
import { programFile } from './root.ts';
import type { AskedLine } from './search/asking.ts';
import { auditEventOf } from './search/audit-event.ts';
import { startGuarding } from './store/guarding.ts';
import { openCentralLine } from './uplink/central-line.ts';
import { readCredentials } from './uplink/credentials.ts';
import { startUplink } from './uplink/uplink.ts';
import { calibrationsFor } from './watchlist/calibrations.ts';
import { openLocalList } from './watchlist/local-list.ts';
import { openPolicy } from './watchlist/policy-in-force.ts';

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
  /** Replaces the local watchlist, on disk and in memory. Faults: `watchlist.malformed`, `watchlist.old`, those of the store. */
  importWatchlist(snapshot: WatchlistSnapshot): Promise<void>;
  close(): Promise<void>;
}

/** Opens every room and joins them: the composition root. */
export async function openKiosk(options: {
  config: KioskConfig;
  links: KioskLinks;
  log: Log;
  /** Is told of each question to the central systems, as the log of doings is: before it is asked, and when it has ended (R22). */
  onAsked?: (line: AskedLine) => void;
}): Promise<Kiosk> {
  const { config, links, log } = options;
  const now = () => Date.now();
  const credentials = readCredentials(config.central.credentials);
  const { kioskId, tls } = credentials;
  const today = () => new Date(now()).toISOString().slice(0, 10);
  const origin = () => ({ kioskId, nowMs: now() });

  const kept = await openOwnStore(config, credentials);
  const { store } = kept;
  identifiersFollow(store.outbox.newestId());
  const engine = await openFaceEngine({ modelsDir: programFile('models', 'onnx'), embedder: config.models.face });
  const list = openLocalList({
    kept: store.watchlist,
    faceModel: config.models.face,
    thresholds: config.thresholds,
    note: (event) => store.note(event),
  });
  const { inForce: policy, fault: policyFault } = await openPolicy({
    file: config.watchlist.policy,
    keptFile: join(config.stateDir, 'policy.jws'),
    maker: credentials.policyMaker,
    calibrations: calibrationsFor(config.models.face),
  });
  if (policyFault) log('policy refused', { fault: policyFault.code, outcome: policy.state });
  // List and policy before anything that tells of changes: nobody can be told yet.
  await list.look();
  const upkeep = openListUpkeep({ list, store, log, onChange: () => refresh() });
  const central = await openCentralLine({
    url: config.central.url,
    directory: config.central.credentials,
    credentials,
    kept: store.keyDocument,
    maxAgeMs: config.central.keysMaxAgeDays * 86_400_000,
    now,
    onChange: () => refresh(),
    onKeys: (changes) => changes.forEach((change) => store.note({ event: 'key-changed', ...change })),
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
    onEraseOrder: (through) => upkeep.erase(through),
    onChange() {
      if (uplink.lastFault() === 'uplink.receipt') central.askForKeys();
      // Its line shows sooner than a question would that the portal's may be back.
      if (uplink.status() === 'online' && before === 'offline') {
        systems?.tryNow();
        upkeep.tryNow();
      }
      before = uplink.status();
      refresh();
    },
  });
  let before: 'online' | 'offline' = 'offline';
  const keepers = openKeepers({ store, kioskId, config, ring, now, log, onStored: () => uplink.nudge() });
  const { records } = keepers;
  const alarms = openAlarms({ origin, records, log });
  const notices = openNotices(now, () => guards.tell('notices', [...notices.list()]));
  const systems =
    config.search &&
    openCentralSystems({
      settings: config.search,
      centralUrl: config.central.url,
      trust: central.trust,
      guardId: config.guard.id,
      onAsked(line) {
        store.note(auditEventOf(line));
        options.onAsked?.(line);
      },
      note: (event) => store.note(event),
      notices,
      alarm: (crossingId, reasons) => alarms.raise(crossingId, reasons),
      onChange: () => news.findings(),
    });
  const inquiries = systems?.inquiries;

  const context = (crossingId?: string) => ({
    fallback:
      uplink.status() === 'offline' || (crossingId !== undefined && inquiries?.findings(crossingId)?.rung === 'local'),
    watchlistVersion: list.version,
    policyVersion: policy.version,
  });

  const doings = watchDoings((event) => store.note(event));
  const opened = openCases(engine, () => news.cases());
  const cases: Cases = {
    ...opened,
    add(crossingId, nowMs, evidence, decision) {
      store.note({ event: 'case-shown', crossingId, reasons: decision.reasons.map(({ code }) => code) });
      return opened.add(crossingId, nowMs, evidence, decision);
    },
  };
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
  let passing: string | undefined;
  const openedAt = new Date(now()).toISOString();
  const journey = runJourney({
    limits: config.journey,
    spansMs: config.journey.spansMs,
    warnMs: config.journey.warnMs,
    slotMs: config.journey.slotMs,
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
      conclude: (crossingId, outcome, made) => records.conclude(crossingId, outcome, made),
      inquiries,
      decide: deciding({ list, inquiries, policy, notices, today, challenged: config.journey.challengeAttempts > 0 }),
    }),
    onState(state) {
      if (state.stage === 'attract' && passing !== undefined) inquiries?.over(passing);
      passing = state.stage === 'passed' ? state.crossing.id : undefined;
      news.findings();
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
  const guards = openAudience(
    guard,
    guardCalls({
      guardId: config.guard.id,
      origin,
      records,
      cases,
      inquiries,
      systems,
      notices,
      devices,
      passageMs: config.journey.spansMs.passed,
      alarms,
      store,
      log,
    }),
  );
  const news = openGuardNews({
    cases: () => cases.list(),
    order: (alert) => list.order(alert),
    crossingId: () => ('crossing' in journey.state ? journey.state.crossing.id : undefined),
    inquiries,
    tell: guards.tell,
    onTold: () => refresh(),
  });
  guards.tell('notices', []);
  const trial = openFingerTrial({
    devices,
    idle: () => ['attract', 'unavailable'].includes(journey.state.stage),
    tell: (told) => technicians.tell('trial', told),
    changed: () => checkAvailability(),
  });
  const technicians = openAudience(
    technician,
    technicianCalls({
      store,
      logFile: join(config.stateDir, 'log.audit'),
      trial,
      cameras: shownCameras,
      devices,
      log,
      onUnparked() {
        uplink.nudge();
        refresh();
      },
    }),
  );

  const guarding = startGuarding(kept.guard, (fault) => log('store unguarded', { fault }));
  const versions = { ...softwareVersions(), kiosk: kioskId };
  const views = drawViews(
    {
      store,
      devices,
      uplink,
      stage: () => journey.state.stage,
      systems,
      deviceViews: () => [...devices.view(), ...shownCameras.map((camera) => camera.view())],
      trust: () =>
        trustView(
          {
            storeKey: kept.keyIn,
            rollback: guarding.guarded ? 'guarded' : 'unguarded',
            policy: policy.state,
            ...central.standing(),
          },
          now(),
        ),
      list: () => ({
        standing: list.standing(),
        least: store.watchlist.least(),
        copies: [...store.watchlist.copies(), ...list.copies(), ...upkeep.copies()],
      }),
      versions: () => ({ ...versions, watchlist: list.version, policy: policy.version }),
      measures: () => measures.view(),
    },
    openedAt,
  );

  const checkAvailability = () => {
    if ((devices.sight()?.people ?? 0) > 1) journey.send({ type: 'crowded', reason: 'second-person' });
    const cause = causeOfAbsence({
      devices,
      cameras: shownCameras,
      admits: () => store.admits(),
      keys: () => ring.lasts(longestCrossingMs),
      trial: () => trial.running,
    });
    doings.serving(cause);
    journey.send({ type: 'availability', open: !cause });
  };
  let told = '';
  const refresh = () => {
    const { gate, search, diagnostics } = views();
    const telling = JSON.stringify([gate, search, diagnostics]);
    if (telling === told) return;
    told = telling;
    guards.tell('gate', gate);
    technicians.tell('diagnostics', diagnostics);
    guards.tell('search', search);
  };

  travellers.tell('view', viewOf(journey.state, config.journey));
  travellers.tell('warning', null);
  travellers.tell('cameras', wanted);
  for (const { crossingId } of store.interrupted()) {
    const decision = { outcome: 'refer' as const, reasons: [{ code: 'interrupted' as const }] };
    const evidence = { reasons: decision.reasons };
    await records.conclude(crossingId, 'refer', crossingRecords(origin(), crossingId, evidence, decision, context()));
    await cases.add(crossingId, now(), evidence, decision);
    journey.send({ type: 'interrupted' });
  }
  const unwatch = devices.onChange(() => {
    doings.devices(devices.view());
    checkAvailability();
    refresh();
  });
  const beat = setInterval(() => {
    void upkeep.look();
    keepers.beat();
    checkAvailability();
    refresh();
  }, 1000);
  checkAvailability();
  refresh();
  const root = credentials.listRoot;
  if (root)
    await upkeep.follow({
      trust: central.trust,
      url: config.central.url,
      root,
      directory: config.stateDir,
      maxAgeMs: config.watchlist.maxAgeHours * 3_600_000,
      now,
    });

  return {
    attach: (audience, wire) =>
      ({ traveller: travellers, guard: guards, technician: technicians })[audience].attach(wire),
    async importWatchlist(snapshot) {
      await list.replace(snapshot);
      refresh();
    },
    async close() {
      clearInterval(beat);
      guarding.stop();
      trial.stop();
      unwatch();
      journey.close();
      await upkeep.stop();
      list.close();
      await systems?.close();
      await central.stop();
      await uplink.stop();
      await devices.close();
      await pages.close();
      await engine.close();
      store.close();
    },
  };
}
