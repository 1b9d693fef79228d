import { setImmediate } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { Fault } from '../contract/fault.ts';
import type { Alert, ListOperation } from '../contract/watchlist.ts';
import { alertBytes } from '../list-root.ts';
import type { Target } from '../publication/metadata.ts';
import { comesBefore, readOperations, referenceOf } from '../publication/operations.ts';
import type { Watchlist } from '../store/watchlist.ts';
import { isLarge } from './list-choice.ts';
import type { SealedFile } from './sealed-file.ts';

/** Operations between two looks at the rest of the program. */
const stepOperations = 64;

/** What a list is taken up with. */
export interface Taking {
  readonly watchlist: Pick<Watchlist, 'current' | 'alerts' | 'draft'>;
  readonly target: Target;
  /** The target's bytes, which are the ones described. */
  readonly file: Pick<SealedFile, 'read'>;
  readonly largeChangePercent: number;
  readonly isApproved: (target: Target) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Makes the list that a file leads to the list in use: into a draft first, and only when the draft is what was signed, with the
 * root, the alerts and no more changes than may be. The list there was lives until then. Faults: `watchlist.malformed`,
 * `watchlist.refused`, those of the store.
 */
export async function takeUp({
  watchlist,
  target,
  file,
  largeChangePercent,
  isApproved,
  signal,
}: Taking): Promise<void> {
  const { from, to, madeAt, merkleRoot, count, operations } = target.custom;
  const held = watchlist.current();
  if (from !== 0 && held?.version !== from) throw new Fault('watchlist.refused', 'a change of another list');
  const draft = watchlist.draft(from === 0 ? 'nothing' : 'current');
  try {
    const difference = from === 0 ? new Difference(watchlist.alerts()) : undefined;
    let told = 0;
    for await (const operation of unpacked(file)) {
      if (++told > operations) throw new Fault('watchlist.refused', 'more operations than there are');
      if ('put' in operation) draft.put(operation.put);
      else if (from === 0) throw new Fault('watchlist.malformed', 'a whole list that removes');
      else draft.remove(operation.remove);
      difference?.see(operation);
      if (told % stepOperations === 0) await setImmediate(undefined, { signal });
    }
    if (told !== operations) throw new Fault('watchlist.refused', 'fewer operations than there are');
    const changed = difference?.end() ?? told;
    if (isLarge(changed, held?.count ?? 0, largeChangePercent) && !isApproved(target))
      throw new Fault('watchlist.refused', 'a large change that nobody has approved');
    if (draft.count() !== count) throw new Fault('watchlist.refused', 'not as many alerts');
    if (Buffer.from(draft.root()).toString('hex') !== merkleRoot) throw new Fault('watchlist.refused', 'another root');
    signal.throwIfAborted();
    draft.commit({ version: to, madeAt });
  } finally {
    draft.abandon();
  }
}

/** The operations of a file. A stream that fails takes the reading with it. */
async function* unpacked(file: Pick<SealedFile, 'read'>): AsyncGenerator<ListOperation> {
  const stream = createZstdDecompress();
  const feeding = pipeline(Readable.from(file.read()), stream);
  // It is told by what is read.
  feeding.catch(() => {});
  try {
    yield* readOperations(stream);
    await feeding;
  } catch (error) {
    throw Fault.from(error, 'watchlist.malformed');
  } finally {
    stream.destroy();
  }
}

/** How many alerts of a list a whole list that comes in order changes, adds or lacks; both are gone through side by side. */
class Difference {
  readonly #alerts: Iterator<Alert>;
  #next: Alert | undefined;
  #changed = 0;

  constructor(alerts: Iterable<Alert>) {
    this.#alerts = alerts[Symbol.iterator]();
    this.#advance();
  }

  see(operation: ListOperation): void {
    const reference = referenceOf(operation);
    while (this.#next && comesBefore(this.#next.reference, reference)) this.#lack();
    const same =
      this.#next?.reference === reference &&
      'put' in operation &&
      Buffer.compare(alertBytes(this.#next), alertBytes(operation.put)) === 0;
    if (!same) this.#changed++;
    if (this.#next?.reference === reference) this.#advance();
  }

  end(): number {
    while (this.#next) this.#lack();
    return this.#changed;
  }

  #lack(): void {
    this.#changed++;
    this.#advance();
  }

  #advance(): void {
    const { value, done } = this.#alerts.next();
    this.#next = done ? undefined : value;
  }
}
