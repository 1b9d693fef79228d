import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

type Change =
  | { readonly is: 'write'; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly is: 'truncate'; readonly path: string; readonly size: number }
  | { readonly is: 'sync' | 'remove'; readonly path: string };

const kinds = { 1: 'write', 2: 'truncate', 3: 'sync', 4: 'remove' } as const;
const headBytes = 32;
const sectorBytes = 512;

/** What this process did to files, as test/faults/disk.c writes it down. */
class Journal {
  readonly #path = process.env['LIMEN_JOURNAL'] ?? '';

  /** Everything since the last time. */
  take(): Change[] {
    const file = openSync(this.#path, 'r');
    const bytes = readFileSync(file);
    closeSync(file);
    truncateSync(this.#path);
    const changes: Change[] = [];
    for (let at = 0; at < bytes.length;) {
      const [kind = 0, pathBytes = 0, offset = 0, length = 0] = [0, 8, 16, 24].map((field) =>
        Number(bytes.readBigUInt64LE(at + field)),
      );
      const path = bytes.toString('utf8', at + headBytes, (at += headBytes + pathBytes));
      const is = kinds[kind as keyof typeof kinds];
      if (is === 'write') changes.push({ is, path, offset, bytes: bytes.subarray(at, at + length) });
      else if (is === 'truncate') changes.push({ is, path, size: offset });
      else changes.push({ is, path });
      at += length;
    }
    return changes;
  }
}

const journal = new Journal();
const volumes = new Set<Volume>();

/** Hands each change to the disk it was made on. */
function handOut(): void {
  for (const change of journal.take()) for (const volume of volumes) volume.hear(change);
}

/** What was synced of one file, and what was not yet. */
interface Synced {
  readonly durable: Contents;
  pending: Change[];
}

/**
 * A disk as a program that crashes finds it again: what was synced is there; each write that was not is there, or is not, or in
 * part, whatever the order they were made in. A file's removal takes hold at once. The index of a log that is shared by memory
 * (`-shm`) does not survive.
 */
export class Volume {
  readonly #root: string;
  readonly #files = new Map<string, Synced>();
  /** What was done since it was last settled. */
  #done: Change[] = [];
  #generation = 0;
  /** How often it was written to. */
  changes = 0;

  /** A disk with these files on it, by name. */
  constructor(root: string, files: ReadonlyMap<string, Buffer>) {
    this.#root = root;
    volumes.add(this);
    this.#mount(files);
  }

  /** Where its files are now; another place after each crash. */
  get directory(): string {
    return join(this.#root, String(this.#generation));
  }

  /** Takes note of all that was done to it. */
  settle(): void {
    handOut();
    for (const change of this.#done) this.#apply(change);
    this.#done = [];
  }

  /** Hears of a change to some disk. */
  hear(change: Change): void {
    if (change.path.startsWith(`${this.directory}/`) && !change.path.endsWith('-shm')) this.#done.push(change);
  }

  /**
   * Crashes somewhere in what was done since it was last settled. The program that was at work on it must do nothing more with
   * its files, which are no longer these.
   */
  crash(random: () => number): void {
    handOut();
    const done = this.#done;
    for (const change of done.slice(0, Math.floor(random() * (done.length + 1)))) this.#apply(change);
    const survives = random();
    const left = new Map<string, Buffer>();
    for (const [path, { durable, pending }] of this.#files) {
      for (const change of pending) {
        // A third of crashes lose all that was not synced, a third lose nothing, as when only the program dies.
        const kept = survives < 1 / 3 ? 0 : survives < 2 / 3 ? 1 : (random() * 3) | 0;
        if (kept === 1) durable.do(change);
        if (kept === 2) durable.do(torn(change, random));
      }
      left.set(basename(path), durable.bytes);
    }
    this.#mount(left);
  }

  /** Removes it from the machine. */
  remove(): void {
    volumes.delete(this);
    rmSync(this.#root, { recursive: true, force: true });
  }

  #mount(files: ReadonlyMap<string, Buffer>): void {
    const old = this.directory;
    this.#generation++;
    this.changes++;
    this.#files.clear();
    mkdirSync(this.directory, { recursive: true });
    for (const [name, contents] of files) {
      const path = join(this.directory, name);
      writeFileSync(path, contents);
      this.#files.set(path, { durable: new Contents(contents), pending: [] });
    }
    rmSync(old, { recursive: true, force: true });
    handOut();
    this.#done = [];
  }

  #apply(change: Change): void {
    const { path } = change;
    this.changes++;
    if (change.is === 'remove') return void this.#files.delete(path);
    const file = this.#files.get(path) ?? { durable: new Contents(), pending: [] };
    this.#files.set(path, file);
    if (change.is !== 'sync') return void file.pending.push(change);
    for (const earlier of file.pending) file.durable.do(earlier);
    file.pending = [];
  }
}

/** Bytes that grow. */
class Contents {
  #bytes: Buffer;
  #size: number;

  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(bytes);
    this.#size = bytes.length;
  }

  /** As they are now. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  do(change: Change): void {
    if (change.is === 'truncate') this.#resize(change.size);
    if (change.is !== 'write') return;
    this.#resize(Math.max(this.#size, change.offset + change.bytes.length));
    change.bytes.copy(this.#bytes, change.offset);
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const larger = Buffer.alloc(2 * size);
      this.bytes.copy(larger);
      this.#bytes = larger;
    }
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }
}

/** Some of the sectors of a write, from its beginning. */
function torn(change: Change, random: () => number): Change {
  if (change.is !== 'write') return change;
  const sectors = Math.ceil(change.bytes.length / sectorBytes);
  return { ...change, bytes: change.bytes.subarray(0, Math.floor(random() * sectors) * sectorBytes) };
}

/** The files of a directory as they are, to begin disks with. */
export function filesOf(directory: string, names: readonly string[]): Map<string, Buffer> {
  return new Map(names.map((name) => [name, readFileSync(join(directory, name))]));
}
