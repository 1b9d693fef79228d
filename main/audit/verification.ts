import { Fault } from '../contract/fault.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { emptyHead, readLine } from './line.ts';
import type { FileHead, FilePart } from './log-file.ts';
import { keyText, type NoteKey } from './note.ts';
import { type Frontier, grow, leafHash, rootOf } from './tree.ts';

/** The first thing in a log that is not as it was written. Lines count from 1; `through` where it is one of several. */
export interface Finding {
  readonly what:
    | 'line-altered'
    | 'line-missing'
    | 'line-repeated'
    | 'not-a-line'
    | 'root-differs'
    | 'signature-false'
    | 'checkpoint-misplaced'
    | 'key-differs'
    | 'kept-differs'
    | 'cut-off';
  readonly line: number;
  readonly through?: number;
}

/** What came of looking through a log. */
export interface Verdict {
  readonly key: NoteKey;
  /** Lines before the file, which it stands on but does not hold. */
  readonly before: number;
  /** Lines it holds, those included whose text was erased. */
  readonly lines: number;
  readonly erased: number;
  readonly checkpoints: number;
  /** Lines after its last checkpoint: nobody has signed them. */
  readonly uncovered: number;
  /** The checkpoint kept elsewhere is older than the file's beginning, so that nothing can be said of it. */
  readonly keptTooOld: boolean;
  readonly finding?: Finding;
}

/** What a log is held against; both come from elsewhere than the file. */
export interface Against {
  /** The log's key. Without one the file's own is used, which whoever made the file anew would have replaced. */
  readonly key?: NoteKey;
  /** A checkpoint that was kept, as text. */
  readonly kept?: string;
}

/** Looks through a log up to the first thing that is wrong with it. Fault: `audit.malformed` for what is no log. */
export async function verifyLog(
  parts: AsyncIterable<FileHead | FilePart>,
  { key, kept }: Against = {},
): Promise<Verdict> {
  let look: Look | undefined;
  for await (const part of parts) {
    if (!('is' in part)) look = new Look(part, key, kept);
    else look?.take(part);
    if (look?.finding) break;
  }
  if (!look) throw new Fault('audit.malformed', 'an empty file');
  return look.end();
}

class Look {
  finding: Finding | undefined;
  readonly #key: NoteKey;
  readonly #before: number;
  readonly #kept: Checkpoint | undefined;
  #tree: Frontier;
  /** Leaf hash of the last line; unknown where the file begins within a log. */
  #last: Uint8Array | undefined;
  #covered: number;
  #erased = 0;
  #checkpoints = 0;
  /** What is wrong if the next line does not say otherwise. */
  #suspicion: { intact: Finding; else: Finding; end: Finding } | undefined;

  constructor({ key, before }: FileHead, wanted?: NoteKey, kept?: string) {
    this.#key = key;
    this.#before = before.size;
    this.#tree = before;
    this.#covered = before.size;
    if (before.size === 0) this.#last = emptyHead.hash;
    if (wanted && keyText(wanted) !== keyText(key)) this.#find('key-differs', before.size + 1);
    this.#kept = kept === undefined ? undefined : openCheckpoint(kept, wanted ?? key);
    if (kept !== undefined && !this.#kept) throw new Fault('audit.malformed', 'the checkpoint kept is of another key');
    this.#compare();
  }

  take(part: FilePart): void {
    if (part.is === 'checkpoint') this.#checkpoint(part.note);
    else if (part.is === 'line') this.#line(part.line);
    else {
      this.#erased++;
      this.#grow(part.hash);
    }
  }

  end(): Verdict {
    const { size } = this.#tree;
    this.finding ??= this.#suspicion?.end;
    if (this.#kept && this.#kept.size > size) this.#find('cut-off', size + 1, this.#kept.size);
    return {
      key: this.#key,
      before: this.#before,
      lines: size - this.#before,
      erased: this.#erased,
      checkpoints: this.#checkpoints,
      uncovered: size - this.#covered,
      keptTooOld: this.#kept !== undefined && this.#kept.size < this.#before,
      ...(this.finding && { finding: this.finding }),
    };
  }

  #line(bytes: Buffer): void {
    const next = this.#tree.size + 1;
    const line = readLine(bytes);
    const hash = leafHash(bytes);
    if (this.#suspicion) {
      // Whether the line before this one is as it was, this one knows.
      const { intact, else: other } = this.#suspicion;
      this.finding = line && this.#last && line.prev.equals(this.#last) ? intact : other;
    } else if (!line) this.#find('not-a-line', next);
    else if (line.n > next) this.#find('line-missing', next, line.n - 1);
    else if (line.n < next) this.#find('line-repeated', line.n);
    else if (this.#last && !line.prev.equals(this.#last)) {
      const [before, here] = [altered(next - 1), altered(next)];
      // What a checkpoint has covered, or is not in the file, was not altered.
      if (this.#covered >= next - 1) this.finding = here;
      else this.#suspicion = { intact: before, else: here, end: { ...before, through: next } };
    }
    if (!this.finding) this.#grow(hash);
  }

  #checkpoint(note: string): void {
    const { size } = this.#tree;
    if (this.#suspicion) return undefined;
    const checkpoint = openCheckpoint(note, this.#key);
    if (!checkpoint || checkpoint.origin !== this.#key.name) return this.#find('signature-false', size);
    if (checkpoint.size > size) return this.#find('line-missing', size + 1, checkpoint.size);
    if (checkpoint.size < size) return this.#find('checkpoint-misplaced', checkpoint.size);
    if (!checkpoint.root.equals(rootOf(this.#tree))) {
      const range: Finding = { what: 'root-differs', line: Math.min(this.#covered + 1, size), through: size };
      this.#suspicion = { intact: range, else: altered(size), end: range };
      return undefined;
    }
    this.#checkpoints++;
    this.#covered = size;
  }

  #grow(hash: Uint8Array): void {
    this.#tree = grow(this.#tree, hash);
    this.#last = hash;
    this.#compare();
  }

  /** Holds the tree against the checkpoint kept elsewhere, when it has come to its size. */
  #compare(): void {
    if (this.#kept?.size !== this.#tree.size || this.#kept.root.equals(rootOf(this.#tree))) return;
    this.#find('kept-differs', Math.min(this.#covered + 1, this.#tree.size), this.#tree.size);
  }

  #find(what: Finding['what'], line: number, through = line): void {
    this.finding ??= { what, line, ...(through > line && { through }) };
  }
}

const altered = (line: number): Finding => ({ what: 'line-altered', line });
