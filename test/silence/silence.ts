import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FaceGallery } from '../../main/biometrics/face/face-gallery.ts';
import { galleryModel } from '../../main/biometrics/face/face-gallery.ts';
import { FingerGallery } from '../../main/biometrics/finger/finger-gallery.ts';
import type { Decision } from '../../main/contract/crossing.ts';
import type { TravelDocument } from '../../main/contract/document.ts';
import { newIdentifier } from '../../main/contract/identifier.ts';
import type { Alert } from '../../main/contract/watchlist.ts';
import { crossingRecords } from '../../main/crossing/records.ts';
import { readMrz } from '../../main/document/mrz.ts';
import { hostTimers } from '../../main/journey/timers.ts';
import { eventsOf } from '../../main/keeping/events.ts';
import { openStore } from '../../main/store/store.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { builtInPolicy } from '../../main/watchlist/built-in-policy.ts';
import { calibrationsFor } from '../../main/watchlist/calibrations.ts';
import { decide } from '../../main/watchlist/decision.ts';
import { openWatchlist } from '../../main/watchlist/watchlist.ts';
import { writeMrz } from '../sim/document/mrz.ts';
import { drawCrowd } from '../sim/names/crowd.ts';
import { strangers } from '../sim/names/questions.ts';
import { synthesize } from '../sim/names/random.ts';
import { chanceOf, distanceOf } from './two-samples.ts';
import { waitOf, type Work } from './waiting.ts';

/*
 * npm run test:silence [-- --runs 1000] [--slot 100] [--alerts 20000]
 * Times waits at the gate in real time, with the list, search, decision, seal and store of the kiosk: of travellers whom nothing is known
 * of, and of such with a silent hit, which here costs 3 ms more than it does, as if a register took longer for it. Ends with 1 when the
 * two can be told apart, or when they cannot where there are no slots: then the comparison would find nothing.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    slot: { type: 'string', default: '100' },
    alerts: { type: 'string', default: '20000' },
  },
});
const [runs, slotMs, alertCount] = [Number(values.runs), Number(values.slot), Number(values.alerts)];
const significance = 0.001;
const slowerMs = 3;

const random = synthesize(17);
const today = new Date().toISOString().slice(0, 10);

function documentOf(number: string, { surname, givenNames }: { surname: string; givenNames: string }): TravelDocument {
  const rest = { code: 'P', issuingState: 'UTO', nationality: 'UTO', birthDate: '1974-08-12', sex: 'F' } as const;
  const reading = readMrz(writeMrz('TD3', { ...rest, number, surname, givenNames, expiryDate: '2036-04-15' }), today);
  if (reading.kind === 'malformed') throw new Error('not a document');
  return reading.document;
}

const listed = drawCrowd(alertCount, random);
const travellers = strangers(runs, synthesize(18));
const numberOf = (kind: string, n: number) => `${kind}${String(n).padStart(7, '0')}`;
/** Every traveller's second passport is on the list. */
const alerts: Alert[] = [
  ...listed.map((identity, n) => ({
    reference: `NAME-${n}`,
    category: 'arrest' as const,
    action: 'arrest' as const,
    silent: false,
    documents: [],
    identities: [identity],
    fingers: [],
    faces: [],
  })),
  ...travellers.map((_, n) => ({
    reference: `SILENT-${n}`,
    category: 'discreet-check' as const,
    action: 'discreet-check' as const,
    silent: true,
    documents: [{ number: numberOf('W', n), issuingState: 'UTO' }],
    identities: [],
    fingers: [],
    faces: [],
  })),
];
const list = openWatchlist(
  { version: 1, madeAt: new Date().toISOString(), alerts },
  { fingers: () => new FingerGallery(), faces: () => new FaceGallery(galleryModel('mobilefacenet')) },
  { fingerThreshold: 18, faceThreshold: 0.6 },
);
const { publicKey } = generateKeyPairSync('x25519');
const key = {
  id: 'key-1',
  publicKey: new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')),
};
const folder = mkdtempSync(join(tmpdir(), 'limen-silence-'));
const store = openStore({ file: join(folder, 'store.db'), key: randomBytes(32) });

const context = {
  today,
  faceRequired: false,
  challengeRequired: false,
  fingerRequired: false,
  policy: {
    state: 'built-in',
    version: 'built-in',
    policy: builtInPolicy,
    calibrations: calibrationsFor('mobilefacenet'),
  },
} as const;

let noticed = 0;
const work: Work = {
  async decide(document) {
    const search = await list.search({ document }, AbortSignal.timeout(10_000));
    const decision = decide({ document, reasons: [] }, search, context);
    if (decision.notices) {
      noticed++;
      await setTimeout(slowerMs);
    }
    // Who is like somebody on the list by name is no part of the comparison.
    const { notices } = decision;
    return { outcome: 'clear', reasons: [], ...(notices && { notices }) };
  },
  async record(document: TravelDocument, decision: Decision) {
    const [nowMs, crossingId] = [Date.now(), newIdentifier(Date.now())];
    const versions = { fallback: false, watchlistVersion: 'silence', policyVersion: 'built-in' };
    const evidence = { document, reasons: [] };
    const records = crossingRecords({ kioskId: 'gate-1', nowMs }, crossingId, evidence, decision, versions);
    const packets = await Promise.all(records.map((record) => sealRecord(record, key)));
    store.conclude({ crossingId, outcome: 'clear' }, packets, eventsOf(records));
  },
};

/** Waits of each kind, in turn, so that what else the machine does befalls both alike. */
async function measure(count: number, slotMs: number): Promise<[number[], number[]]> {
  const [plain, watched]: [number[], number[]] = [[], []];
  for (let n = 0; n < count; n++) {
    const kinds = random() < 0.5 ? (['V', 'W'] as const) : (['W', 'V'] as const);
    for (const kind of kinds) {
      const document = documentOf(numberOf(kind, n), travellers[n]!);
      (kind === 'W' ? watched : plain).push(await waitOf(document, work, slotMs, hostTimers));
    }
  }
  return [plain, watched];
}

function tell(what: string, [plain, watched]: [number[], number[]]): number {
  const distance = distanceOf(plain, watched);
  const chance = chanceOf(distance, plain.length, watched.length);
  const middle = (waits: number[]) => waits.toSorted((a, b) => a - b)[waits.length >> 1]?.toFixed(2);
  console.log(
    `${what}: ${plain.length} waits each, median ${middle(plain)} and ${middle(watched)} ms; ` +
      `Kolmogorov-Smirnov distance ${distance.toFixed(4)}, chance ${chance.toPrecision(3)}`,
  );
  return chance;
}

try {
  await measure(Math.min(20, runs), 0); // what is compiled on the way is compiled now
  noticed = 0;
  const padded = tell(`slots of ${slotMs} ms`, await measure(runs, slotMs));
  if (noticed !== runs) throw new Error(`${noticed} of ${runs} were noticed`);
  const bare = tell('without slots (control)', await measure(runs, 0));
  const silent = padded >= significance;
  const caught = bare < significance;
  console.log(silent ? 'cannot be told apart' : 'TOLD APART');
  if (!caught) console.log('THE CONTROL WAS NOT CAUGHT');
  process.exitCode = silent && caught ? 0 : 1;
} finally {
  list.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
}
