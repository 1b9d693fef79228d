import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { defaultFingerThreshold, fingerModel } from '../../main/biometrics/finger/finger.ts';
import { native, type NativeFound } from '../../native/native.ts';
import { drawTemplate } from '../sim/finger/draw-template.ts';
import { drawTemplates, type TemplateSet } from '../sim/finger/draw-templates.ts';
import { drawnCache } from '../evaluate/drawn-samples.ts';

const sizes = { usual: [10_000, 100_000], full: [10_000, 100_000, 1_000_000] };
const searches = 40;
const batch = 20_000;
/** A pair that an exhaustive search finds: its score reaches the threshold. The others are the poor ones. */
const found = defaultFingerThreshold;
const first = 1_000_000;

type Gallery = InstanceType<ReturnType<typeof native>['FingerGallery']>;

/**
 * One to many over drawn fingers: recall of the stages before the exact one (the mate among the ids that were compared
 * exactly), times of the stages on the clock and of all processors together, how long a search goes on that is cancelled,
 * memory, and beside them what no search can beat, measured in the same run: bits of all pairs counted and nothing else, and
 * all sketches read once. `full` goes to a million: drawing takes minutes, once; memory reaches 5 GB while a snapshot is loaded.
 */
export async function benchSearch(full: boolean): Promise<void> {
  const wanted = full ? sizes.full : sizes.usual;
  const most = Math.max(...wanted);
  const set = await drawTemplates({ first, count: most, impression: 1 }, full ? { cacheDir: drawnCache } : {});
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
  await measureSnapshot(gallery, most);
  gallery.close();
  console.log(`memory of the process at most ${(process.resourceUsage().maxRSS / 1e6).toFixed(1)} GB`);
}

async function grow(gallery: Gallery, set: TemplateSet, from: number, to: number): Promise<number> {
  for (let at = from; at < to; at += batch) {
    const count = Math.min(batch, to - at);
    await gallery.add(
      Array.from({ length: count }, (_, i) => ({ id: String(at + i), position: 0, record: set.at(at + i) })),
    );
  }
  return to;
}

async function measure(gallery: Gallery, set: TemplateSet, size: number): Promise<void> {
  const times: (Omit<NativeFound, 'hits'> & {
    readonly totalMs: number;
    readonly processorMs: number;
    readonly cancelMs: number;
    readonly bitsMs: number;
    readonly readMs: number;
  })[] = [];
  const recall = { found: 0, of: 0, poorFound: 0, poor: 0, first: 0 };
  for (let i = 0; i < searches; i++) {
    const mate = Math.floor((i * size) / searches);
    const record = drawTemplate({ finger: first + mate, impression: 2 });
    const startedMs = performance.now();
    const before = process.cpuUsage();
    const { hits, ...stages } = await gallery.search([{ position: 0, record }], size).found;
    const totalMs = performance.now() - startedMs;
    const used = process.cpuUsage(before);
    times.push({
      ...stages,
      totalMs,
      processorMs: (used.user + used.system) / 1000,
      cancelMs: await cancel(gallery, record, (totalMs * (i + 1)) / (searches + 1)),
      ...(await gallery.limits(record)),
    });
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
    `  processor time p50 ${at('processorMs', 0.5)} ms, p99 ${at('processorMs', 0.99)}; goes on when cancelled: ` +
      `p50 ${at('cancelMs', 0.5)} ms, p99 ${at('cancelMs', 0.99)}`,
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

/** How long a search goes on after it was cancelled, when it had run for so long. */
async function cancel(gallery: Gallery, record: Uint8Array, afterMs: number): Promise<number> {
  const search = gallery.search([{ position: 0, record }], 1);
  const ended = search.found.then(
    () => undefined,
    () => undefined,
  );
  await setTimeout(afterMs);
  const startedMs = performance.now();
  search.cancel();
  await ended;
  return performance.now() - startedMs;
}

/** The pieces are written down and read again one by one, as a store would: all at once they would fill the memory. */
async function measureSnapshot(gallery: Gallery, size: number): Promise<void> {
  const model = `${fingerModel.model}/${fingerModel.version}`;
  const file = join(tmpdir(), `limen-snapshot-${process.pid}`);
  try {
    const out = openSync(file, 'w');
    const next = gallery.save(model);
    let saveMs = 0;
    const lengths: number[] = [];
    for (;;) {
      const startedMs = performance.now();
      const piece = await next();
      saveMs += performance.now() - startedMs;
      if (piece.length === 0) break;
      lengths.push(piece.length);
      writeSync(out, piece);
    }
    closeSync(out);
    gallery.close();
    const loaded = new (native().FingerGallery)();
    const take = loaded.load(model);
    const source = openSync(file, 'r');
    let loadMs = 0;
    for (const length of lengths) {
      const piece = new Uint8Array(length);
      readSync(source, piece);
      const startedMs = performance.now();
      await take(piece);
      loadMs += performance.now() - startedMs;
    }
    await take();
    closeSync(source);
    console.log(
      `snapshot of ${size}: ${(lengths.reduce((sum, length) => sum + length, 0) / 1e6).toFixed(0)} MB, without the disk saved in ` +
        `${(saveMs / 1000).toFixed(1)} s, loaded in ${(loadMs / 1000).toFixed(1)} s; ${loaded.size()} fingers`,
    );
    loaded.close();
  } finally {
    rmSync(file, { force: true });
  }
}
