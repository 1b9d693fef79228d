import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { Fault } from '../../main/contract/fault.ts';
import type { Alert, ListOperation } from '../../main/contract/watchlist.ts';
import { alertBytes, alertLeaf, bucketHash, bucketOf, listRoot } from '../../main/list-root.ts';
import type { Target, Targets } from '../../main/publication/metadata.ts';
import { comesBefore, readOperations, referenceOf, writeOperation } from '../../main/publication/operations.ts';
import type { ListFolder } from './list-folder.ts';

/** Files of lists by their names, as targets metadata has them. */
export type Files = Targets['targets'];

/** What comes of a new version: the whole list, and what is other than in the version before, where there was one. */
export interface Made {
  readonly version: number;
  readonly files: Files;
}

/** The whole list of the highest version among files. */
export function newestWhole(files: Files): readonly [name: string, target: Target] | undefined {
  return Object.entries(files)
    .filter(([, { custom }]) => custom.from === 0)
    .toSorted(([, one], [, other]) => one.custom.to - other.custom.to)
    .at(-1);
}

/**
 * Makes the next version of a list out of the one before and operations in any order; of two on one reference the later counts.
 * What changes nothing is left out. Fault: `watchlist.malformed`.
 */
export async function makeVersion(options: {
  readonly folder: ListFolder;
  readonly before: Files;
  readonly operations: AsyncIterable<ListOperation> | Iterable<ListOperation>;
  readonly version: number;
  readonly madeAt: Date;
}): Promise<Made> {
  const { folder, before, version, madeAt } = options;
  const whole = newestWhole(before);
  const changes = await inOrder(options.operations);
  const buckets = new Map<number, Buffer[]>();
  let count = 0;
  const effective: ListOperation[] = [];
  async function* next() {
    for await (const [old, change] of besides(whole ? read(folder.target(...whole)) : [], changes)) {
      const alert = change === undefined ? old : 'put' in change ? change.put : undefined;
      const same = old && alert && Buffer.compare(alertBytes(old), alertBytes(alert)) === 0;
      if (change && !same && (old || alert)) effective.push(change);
      if (!alert) continue;
      count++;
      const bucket = bucketOf(alert.reference);
      const leaves = buckets.get(bucket) ?? [];
      buckets.set(bucket, leaves);
      leaves.push(alertLeaf(alertBytes(alert)));
      yield { put: alert };
    }
  }
  const draft = await write(folder, next());
  const common = {
    to: version,
    madeAt: madeAt.toISOString(),
    merkleRoot: listRoot([...buckets].map(([bucket, leaves]) => [bucket, bucketHash(leaves)] as const)).toString('hex'),
    count,
  };
  const files: Record<string, Target> = {};
  const add = (
    name: string,
    { file, length, sha256 }: Written,
    custom: Pick<Target['custom'], 'from' | 'operations'>,
  ) => {
    const target = { length, hashes: { sha256 }, custom: { ...common, ...custom } };
    renameSync(file, folder.target(name, target));
    files[name] = target;
  };
  add(`whole-${version}.zst`, draft, { from: 0, operations: count });
  if (whole) {
    const from = whole[1].custom.to;
    add(`change-${from}-${version}.zst`, await write(folder, effective), { from, operations: effective.length });
  }
  return { version, files };
}

/** The alerts of a whole list, read from its file. Fault: `watchlist.malformed`. */
async function* read(file: string): AsyncGenerator<Alert> {
  const unpacked = createReadStream(file).pipe(createZstdDecompress());
  for await (const operation of readOperations(unpacked)) {
    if (!('put' in operation)) throw new Fault('watchlist.malformed', 'a whole list that removes');
    yield operation.put;
  }
}

async function inOrder(operations: AsyncIterable<ListOperation> | Iterable<ListOperation>): Promise<ListOperation[]> {
  const last = new Map<string, ListOperation>();
  for await (const operation of operations) last.set(referenceOf(operation), operation);
  return [...last].toSorted(([one], [other]) => (comesBefore(one, other) ? -1 : 1)).map(([, operation]) => operation);
}

/** Alerts and operations by their references: each alert with what comes to it, and each operation that finds none. */
async function* besides(
  alerts: AsyncIterable<Alert> | Iterable<Alert>,
  changes: readonly ListOperation[],
): AsyncGenerator<[alert: Alert | undefined, change: ListOperation | undefined]> {
  let at = 0;
  for await (const alert of alerts) {
    for (; at < changes.length && comesBefore(referenceOf(changes[at]!), alert.reference); at++)
      yield [undefined, changes[at]];
    const change = changes[at];
    if (change && referenceOf(change) === alert.reference) {
      at++;
      yield [alert, change];
    } else yield [alert, undefined];
  }
  for (const change of changes.slice(at)) yield [undefined, change];
}

interface Written {
  readonly file: string;
  readonly length: number;
  readonly sha256: string;
}

async function write(
  folder: ListFolder,
  operations: AsyncIterable<ListOperation> | Iterable<ListOperation>,
): Promise<Written> {
  const file = folder.file(`${randomUUID()}.draft`);
  const digest = createHash('sha256');
  let length = 0;
  async function* bytes() {
    for await (const operation of operations) yield writeOperation(operation);
  }
  async function* measured(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      digest.update(chunk);
      length += chunk.length;
      yield chunk;
    }
  }
  await pipeline(
    Readable.from(bytes()),
    createZstdCompress(),
    measured,
    createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true }),
  );
  return { file, length, sha256: digest.digest('hex') };
}
