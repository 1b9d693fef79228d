import { hash, randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from './audit/line.ts';
import { drawChallenge } from './biometrics/face/challenge-plan.ts';
import { openFaceEngine } from './biometrics/face/face-engine.ts';
import type { Audience as AudienceName, KioskConfig } from './config/config.ts';
import { openAudience } from './contract/audience.ts';
import type { Reason } from './contract/crossing.ts';
import { Fault } from './contract/fault.ts';
import { guard, type SearchStatus } from './contract/guard.ts';
import { identifiersFollow, newIdentifier } from './contract/identifier.ts';
import type { LimenRecord } from './contract/record.ts';
import { type Diagnostics, technician } from './contract/technician.ts';
import { traveller } from './contract/traveller.ts';
import type { WatchlistSnapshot } from './contract/watchlist.ts';
import type { Wire } from './contract/wire.ts';
import { type Cases, openCases } from './crossing/cases.ts';
import { openCentralSystems } from './crossing/central-systems.ts';
import { openDocumentStation } from './crossing/document-station.ts';
import { openFaceStation } from './crossing/face-station.ts';
import { letThrough, type Passage } from './crossing/gate-station.ts';
import { openFingerStation } from './crossing/finger-station.ts';
import { openFingerTrial } from './crossing/finger-trial.ts';
import { openSlapStation } from './crossing/slap-station.ts';
import { openPages } from './crossing/pages.ts';
import { performance } from './crossing/performance.ts';
import { handRecords } from './crossing/hand-records.ts';
import { nameOf, openNotices } from './crossing/notices.ts';
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
import { watchDoings } from './keeping/doings.ts';
import { eventsOf } from './keeping/events.ts';
import { openLogKeeper } from './keeping/log-keeper.ts';
import type { Log } from './log.ts';
import { programFile, programVersion } from './root.ts';
import type { AskedLine } from './search/asking.ts';
import { auditEventOf } from './search/audit-event.ts';
import { openKeptStore } from './store/open-kept-store.ts';
import type { OutboxStats } from './store/outbox-figures.ts';
import type { Admission } from './store/store.ts';
import { openCentralLine } from './uplink/central-line.ts';
import { readCredentials } from './uplink/credentials.ts';
import { sealRecord } from './uplink/seal.ts';
import { startUplink } from './uplink/uplink.ts';
import { calibrationsFor } from './watchlist/calibrations.ts';
import { decide, silentHits } from './watchlist/decision.ts';
import { openLocalList } from './watchlist/local-list.ts';
import { openPolicy } from './watchlist/policy-in-force.ts';

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

  mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
  const { tpm } = config;
  const { officeKey } = credentials;
  const kept = await openKeptStore({
    directory: config.stateDir,
    now,
    kioskId,
    program: programVersion,
    ...(tpm && { tpm }),
    ...(officeKey && { officeKey }),
  });
  const { store } = kept;
  store.note({ event: 'configuration-read', sha256: hash('sha256', canonical(config)) });
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
      // Its line shows sooner than a question would that the portal's may be back.
      if (uplink.status() === 'online' && before === 'offline') systems?.tryNow();
      before = uplink.status();
      refresh();
    },
  });
  let before: 'online' | 'offline' = 'offline';
  const seal = (record: LimenRecord) => sealRecord(record, ring.sealingKey());
  const conclude = async (crossingId: string, outcome: string, records: readonly LimenRecord[]) => {
    const packets = await Promise.all(records.map(seal));
    store.conclude({ crossingId, outcome }, packets, eventsOf(records));
    log('crossing concluded', { outcome });
    uplink.nudge();
  };

  const keeper = openLogKeeper({
    store,
    kioskId,
    checkpointMs: config.audit.checkpointMinutes * 60_000,
    keepMs: config.audit.keepDays * 86_400_000,
    seal,
    onShipped: () => uplink.nudge(),
    clock: { now, monotonicMs: () => globalThis.performance.now() },
  });
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

  /**
   * A hit that no record of its crossing holds; it leaves by itself, and as soon as it can. One that must not be noticed leaves with
   * whatever leaves next, at the latest with the next sign of life (R18).
   */
  const alarm = async (crossingId: string, reasons: readonly Reason[]) => {
    try {
      const records = alarmRecords(origin(), crossingId, reasons);
      store.enqueue(await Promise.all(records.map(seal)));
      for (const event of eventsOf(records)) store.note(event);
      if (reasons.some(({ code }) => code !== 'portal-silent-hit')) uplink.nudge();
    } catch (error) {
      log('alarm not stored', { fault: Fault.from(error).code });
    }
  };
  const notices = openNotices(now, () => guards.tell('notices', [...notices.list()]));
  const systems =
    config.search &&
    openCentralSystems({
      settings: config.search,
      centralUrl: config.central.url,
      trust: { tls: () => central.tls(), revoked: (serialNumber) => ring.revoked(serialNumber) },
      guardId: config.guard.id,
      onAsked(line) {
        store.note(auditEventOf(line));
        options.onAsked?.(line);
      },
      notices,
      alarm: (crossingId, reasons) => void alarm(crossingId, reasons),
      onChange: () => tellFindings(),
    });
  const inquiries = systems?.inquiries;

  const list = openLocalList({
    table: store.watchlist,
    faceModel: config.models.face,
    thresholds: config.thresholds,
    maximumAgeMs: config.watchlist.maxAgeHours * 3_600_000,
    now,
  });
  const { inForce: policy, fault: policyFault } = await openPolicy({
    file: config.watchlist.policy,
    keptFile: join(config.stateDir, 'policy.jws'),
    maker: credentials.policyMaker,
    calibrations: calibrationsFor(config.models.face),
  });
  if (policyFault) log('policy refused', { fault: policyFault.code, outcome: policy.state });
  const context = (crossingId?: string) => ({
    fallback:
      uplink.status() === 'offline' || (crossingId !== undefined && inquiries?.findings(crossingId)?.rung === 'local'),
    watchlistVersion: list.version,
    policyVersion: policy.version,
  });

  const doings = watchDoings((event) => store.note(event));
  const opened = openCases(engine, () => tellCases());
  const cases: Cases = {
    ...opened,
    add(crossingId, nowMs, evidence, decision) {
      store.note({ event: 'case-shown', crossingId, reasons: decision.reasons.map(({ code }) => code) });
      return opened.add(crossingId, nowMs, evidence, decision);
    },
  };
  const tellCases = () =>
    guards.tell(
      'cases',
      cases.list().map((each) => {
        const findings = inquiries?.findings(each.crossingId);
        return findings ? { ...each, findings } : each;
      }),
    );
  /** Answers come in quick succession; the guard is told once of those that come together. */
  let telling = false;
  const tellFindings = () => {
    if (telling || !systems) return;
    telling = true;
    queueMicrotask(() => {
      telling = false;
      if (cases.list().length > 0) tellCases();
      const { state } = journey;
      const findings = 'crossing' in state ? systems.inquiries.findings(state.crossing.id) : undefined;
      guards.tell('present', 'crossing' in state && findings ? { crossingId: state.crossing.id, findings } : null);
      refresh();
    });
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
      conclude,
      inquiries,
      decide: async ({ id, evidence }, signal) => {
        const { document, face: live, finger } = evidence;
        const subject = {
          ...(document && { document }),
          ...(live && { face: live.template }),
          ...(finger && { finger }),
        };
        const search = await list.search(subject, signal);
        // A document that was not accepted ends the crossing before biometrics are asked for.
        const asked = !evidence.reasons.some(({ code }) => code.startsWith('document-'));
        // One who is referred anyway is not kept waiting for answers: the guard sees them come.
        const told = asked && (await inquiries?.verdict(id, signal));
        const whole = told ? { ...evidence, reasons: [...evidence.reasons, ...told.reasons] } : evidence;
        const decision = decide(whole, search, {
          today: today(),
          policy,
          notices: told ? told.notices : [],
          faceRequired: asked,
          // Whom the portrait does not match is referred without one.
          challengeRequired:
            asked && config.journey.challengeAttempts > 0 && evidence.face?.comparison?.matched !== false,
          fingerRequired: asked,
        });
        const name = document ? nameOf(document) : '';
        for (const hit of silentHits(decision, search)) notices.add({ crossingId: id, kind: 'discreet', name, hit });
        return decision;
      },
    }),
    onState(state) {
      if (state.stage === 'attract' && passing !== undefined) inquiries?.over(passing);
      passing = state.stage === 'passed' ? state.crossing.id : undefined;
      tellFindings();
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
      inquiries?.over(crossingId);
      if (outcome === 'admit')
        letThrough(devices, config.journey.spansMs.passed).then(followed(crossingId), notAnswered('gate'));
    },
    dismiss: ({ id }) => notices.dismiss(id),
    async enter(entry) {
      if (Date.parse(entry.at) > now()) throw new Fault('contract.breach', 'it has not happened yet');
      if (!store.admits()) throw new Fault('store.full', 'nothing can be stored yet');
      const crossingId = newIdentifier(now());
      await conclude(crossingId, entry.outcome, handRecords(origin(), crossingId, config.guard.id, entry));
    },
  });
  const trial = openFingerTrial({
    devices,
    idle: () => ['attract', 'unavailable'].includes(journey.state.stage),
    tell: (told) => technicians.tell('trial', told),
    changed: () => checkAvailability(),
  });
  const technicians = openAudience(technician, {
    tryFinger() {
      store.note({ event: 'technician-acted', action: 'try-finger' });
      return trial.run();
    },
    endTrial: () => trial.stop(),
    unpark({ id }) {
      store.note({ event: 'technician-acted', action: 'unpark' });
      const packets = store.outbox.unpark(id);
      log('packet tried again', { count: packets });
      uplink.nudge();
      refresh();
      return { packets };
    },
    selfTest({ role }) {
      store.note({ event: 'technician-acted', action: 'self-test', role });
      const camera = shownCameras.find((camera) => camera.role === role);
      return camera?.selfTest() ?? devices.selfTest(role, AbortSignal.timeout(20_000));
    },
  });

  const gateView = (queued: number) => ({
    door: devices.sight()?.mode === 'released' ? ('released' as const) : devices.door(),
    stage: journey.state.stage,
    uplink: uplink.status(),
    queued,
  });
  const searchStatus = (admission: Admission): SearchStatus => {
    const status = systems?.status() ?? { rung: 'local' as const, since: openedAt };
    return { configured: systems !== undefined, ...status, ...(admission !== 'open' && { rung: 'manual' as const }) };
  };
  const versions = { ...softwareVersions(), kiosk: kioskId };
  const diagnostics = (stats: OutboxStats, admission: Admission): Diagnostics => ({
    devices: [...devices.view(), ...shownCameras.map((camera) => camera.view())],
    queue: {
      ...stats,
      uplink: uplink.status(),
      lastFault: uplink.lastFault(),
      admission,
      parkedPackets: parkedPackets(store.outbox),
    },
    trust: trustView(
      {
        storeKey: kept.keyIn,
        rollback: guarded ? 'guarded' : 'unguarded',
        policy: policy.state,
        ...central.standing(),
      },
      now(),
    ),
    versions: { ...versions, watchlist: list.version, policy: policy.version },
    measures: measures.view(),
  });

  /** Devices that a crossing cannot do without, a gate that obeys, room to store it and a key to seal it to; and whether the traveller is alone. */
  const checkAvailability = () => {
    const { people = 0, mode } = devices.sight() ?? {};
    if (people > 1) journey.send({ type: 'crowded', reason: 'second-person' });
    const present = devices.view().every(({ state }) => state === 'ready' || state === 'busy');
    const seen = shownCameras.every(({ ready }) => ready);
    const cause =
      (!present && 'device') ||
      (!seen && 'camera') ||
      (mode === 'released' && 'gate-released') ||
      (!store.admits() && 'store') ||
      (!ring.lasts(longestCrossingMs) && 'keys') ||
      (trial.running && 'trial');
    doings.serving(cause);
    journey.send({ type: 'availability', open: !cause });
  };
  let told = '';
  const refresh = () => {
    const [stats, admission] = [store.outbox.stats(), store.admission()];
    const views = [gateView(stats.ready), diagnostics(stats, admission), searchStatus(admission)] as const;
    const telling = JSON.stringify(views);
    if (telling === told) return;
    told = telling;
    guards.tell('gate', views[0]);
    technicians.tell('diagnostics', views[1]);
    guards.tell('search', views[2]);
  };

  travellers.tell('view', viewOf(journey.state, config.journey));
  travellers.tell('warning', null);
  travellers.tell('cameras', wanted);
  guards.tell('cases', []);
  guards.tell('present', null);
  guards.tell('notices', []);
  for (const { crossingId } of store.interrupted()) {
    const decision = { outcome: 'refer' as const, reasons: [{ code: 'interrupted' as const }] };
    const evidence = { reasons: decision.reasons };
    await conclude(crossingId, 'refer', crossingRecords(origin(), crossingId, evidence, decision, context()));
    await cases.add(crossingId, now(), evidence, decision);
    journey.send({ type: 'interrupted' });
  }
  const unwatch = devices.onChange(() => {
    doings.devices(devices.view());
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
    doings.list(list.version, list.expired());
    void keeper.beat().then((fault) => fault && log('log not kept', { fault: fault.code }));
    checkAvailability();
    refresh();
  }, 1000);
  checkAvailability();
  refresh();

  return {
    attach: (audience, wire) =>
      ({ traveller: travellers, guard: guards, technician: technicians })[audience].attach(wire),
    importWatchlist(snapshot) {
      list.replace(snapshot);
      refresh();
    },
    async close() {
      clearInterval(beat);
      clearInterval(guarding);
      trial.stop();
      unwatch();
      journey.close();
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
