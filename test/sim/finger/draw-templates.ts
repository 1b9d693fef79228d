import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Which fingers: numbers from `first` on, one impression each. */
export interface TemplateRange {
  readonly first: number;
  readonly count: number;
  readonly impression: number;
  /** As in `TemplateDrawing`. */
  readonly hardness?: number;
}

/** What a worker drew of its part: records one behind the other, and where each ends. */
export interface TemplateBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Many templates, kept packed. */
export interface TemplateSet {
  readonly count: number;
  /** The record of finger `first + index`, as a view. */
  at(index: number): Uint8Array;
}

const batchSize = 20_000;

/**
 * Draws a template of each finger of a range on all cores (`threads` says otherwise). With `cacheDir` the set is read from
 * a file there when these sources have drawn it before, and else put there; a million takes about 360 MB.
 */
export async function drawTemplates(
  range: TemplateRange,
  { threads = availableParallelism(), cacheDir }: { threads?: number; cacheDir?: string } = {},
): Promise<TemplateSet> {
  if (cacheDir === undefined) return setOf(await drawBatches(range, threads));
  mkdirSync(cacheDir, { recursive: true });
  const { first, count, impression, hardness = 'usual' } = range;
  const name = join(cacheDir, `templates-${first}-${count}-${impression}-${hardness}-${sourcesDigest()}`);
  const batches = Math.ceil(count / batchSize);
  const files = Array.from({ length: batches }, (_, i) => `${name}-${i}.bin`);
  if (!files.every((file) => existsSync(file))) {
    for (const [i, batch] of (await drawBatches(range, threads)).entries()) {
      writeFileSync(`${name}-${i}.part`, Buffer.concat([Buffer.from(batch.ends.buffer), batch.bytes]));
      renameSync(`${name}-${i}.part`, `${name}-${i}.bin`);
    }
  }
  return setOf(
    files.map((file, i) => {
      const whole = new Uint8Array(readFileSync(file));
      const ends = new Uint32Array(whole.buffer, 0, Math.min(batchSize, count - i * batchSize));
      return { ends, bytes: whole.subarray(ends.byteLength) };
    }),
  );
}

function setOf(batches: readonly TemplateBatch[]): TemplateSet {
  return {
    count: batches.reduce((sum, batch) => sum + batch.ends.length, 0),
    at(index) {
      const batch = batches[Math.floor(index / batchSize)];
      const within = index % batchSize;
      const end = batch?.ends[within];
      if (!batch || end === undefined) throw new RangeError(`no template ${index}`);
      return batch.bytes.subarray(within === 0 ? 0 : batch.ends[within - 1], end);
    },
  };
}

async function drawBatches(range: TemplateRange, threads: number): Promise<TemplateBatch[]> {
  const parts = Array.from({ length: Math.ceil(range.count / batchSize) }, (_, i) => ({
    ...range,
    first: range.first + i * batchSize,
    count: Math.min(batchSize, range.count - i * batchSize),
  }));
  const batches: TemplateBatch[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./template-worker.ts', import.meta.url));
    try {
      while (next < parts.length) {
        const index = next++;
        batches[index] = await new Promise<TemplateBatch>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject).postMessage(parts[index]);
        });
        worker.removeAllListeners('error');
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, parts.length) }, work));
  return batches;
}

/** Changes whenever the sources of this folder do, so that no file that others drew is taken. */
export function sourcesDigest(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(import.meta.dirname).toSorted())
    if (name.endsWith('.ts')) hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest('hex').slice(0, 16);
}
