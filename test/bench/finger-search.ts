import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { fingerModel } from '../../main/biometrics/finger/finger.ts';
import { FingerGallery } from '../../main/biometrics/finger/finger-gallery.ts';
import { native, type NativeFound } from '../../native/native.ts';
import { drawTemplate } from '../sim/finger/draw-template.ts';
import { drawTemplates, type TemplateSet } from '../sim/finger/draw-templates.ts';

const sizes = { usual: [10_000, 100_000], full: [10_000, 100_000, 1_000_000] };
const searches = 40;
const batch = 20_000;
/** A pair that an exhaustive search finds: its score reaches the threshold. The others are the poor ones. */
const found = 14;
const first = 1_000_000;

/**
 * One to many over drawn fingers: recall of the stages before the exact one (the mate among the ids that were compared
 * exactly), times of the stages, memory, and beside them what no search can beat, measured in the same run: bits of all pairs
 * counted and nothing else, and all sketches read once. `full` goes to a million, which takes minutes and 1.5 GB.
 */
export async function benchSearch(full: boolean): Promise<void> {
  const wanted = full ? sizes.full : sizes.usual;
  const most = Math.max(...wanted);
  const set = await drawTemplates(
    { first, count: most, impression: 1 },
    full ? { cacheDir: join(tmpdir(), 'limen-drawn-fingers') } : {},
  );
  const gallery = new (native().FingerGallery)();
  let held = 0;
  for (const size of wanted) {
    const startedMs = performance.now();
    held = await grow(gallery, set, held, size);
    const addUs = (1000 * (performance.now() - startedMs)) / size;
    console.log(
      `1:N, ${size} fingers: ${(gallery.bytes() / size).toFixed(0)} bytes each, added in ${addUs.toFixed(0)} us`,
    );
    await measure(gallery, set, size);
  }
  await measureSnapshot(set, Math.min(most, 100_000));
  gallery.close();
}

async function grow(
  gallery: InstanceType<ReturnType<typeof native>['FingerGallery']>,
  set: TemplateSet,
  from: number,
  to: number,
): Promise<number> {
  for (let at = from; at < to; at += batch) {
    const count = Math.min(batch, to - at);
    await gallery.add(
      Array.from({ length: count }, (_, i) => ({ id: String(at + i), position: 0, record: set.at(at + i) })),
    );
  }
  return to;
}

async function measure(
  gallery: InstanceType<ReturnType<typeof native>['FingerGallery']>,
  set: TemplateSet,
  size: number,
): Promise<void> {
  const times: (Omit<NativeFound, 'hits'> & {
    readonly totalMs: number;
    readonly bitsMs: number;
    readonly readMs: number;
  })[] = [];
  const recall = { found: 0, of: 0, poorFound: 0, poor: 0, first: 0 };
  for (let i = 0; i < searches; i++) {
    const mate = Math.floor((i * size) / searches);
    const record = drawTemplate({ finger: first + mate, impression: 2 });
    const startedMs = performance.now();
    const { hits, ...stages } = await gallery.search([{ position: 0, record }], size).found;
    const totalMs = performance.now() - startedMs;
    times.push({ ...stages, totalMs, ...(await gallery.limits(record)) });
    const [score = 0] = await native().searchFingers(record, [set.at(mate)]);
    const compared = hits.some(({ id }) => id === String(mate));
    if (score >= found) {
      recall.of++;
      if (compared) recall.found++;
      if (hits[0]?.id === String(mate)) recall.first++;
    } else if (score > 0) {
      recall.poor++;
      if (compared) recall.poorFound++;
    }
  }
  const at = (name: keyof (typeof times)[number], share: number): string => {
    const sorted = times.map((each) => each[name]).toSorted((a, b) => a - b);
    return (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
  };
  console.log(
    `  search p50 ${at('totalMs', 0.5)} ms, p99 ${at('totalMs', 0.99)}, least ${at('totalMs', 0)}: scan ${at('scanMs', 0.5)}, ` +
      `vote ${at('voteMs', 0.5)}, exact ${at('exactMs', 0.5)}`,
  );
  console.log(
    `  limits p50: bits of all pairs ${at('bitsMs', 0.5)} ms, reading ${at('readMs', 0.5)} ms; least: scan ${at('scanMs', 0)}, ` +
      `bits ${at('bitsMs', 0)}, reading ${at('readMs', 0)}`,
  );
  console.log(
    `  compared exactly: ${recall.found} of ${recall.of} mates that score ${found} or more, ${recall.first} of them first; ` +
      `${recall.poorFound} of ${recall.poor} poor ones`,
  );
}

async function measureSnapshot(set: TemplateSet, size: number): Promise<void> {
  const gallery = new FingerGallery();
  for (let at = 0; at < size; at += batch) {
    await gallery.add(
      Array.from({ length: Math.min(batch, size - at) }, (_, i) => ({
        id: String(at + i),
        position: 'unknown' as const,
        template: { ...fingerModel, bytes: set.at(at + i) },
      })),
    );
  }
  const pieces: Uint8Array[] = [];
  const startedMs = performance.now();
  for await (const piece of gallery.save()) pieces.push(piece);
  const savedMs = performance.now();
  await gallery.load(pieces);
  const loadedMs = performance.now();
  console.log(
    `snapshot of ${size}: saved in ${(savedMs - startedMs).toFixed(0)} ms, loaded in ${(loadedMs - savedMs).toFixed(0)} ms`,
  );
  gallery.close();
}
