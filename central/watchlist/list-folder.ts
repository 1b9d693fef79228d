import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../main/contract/fault.ts';
import { Root, Snapshot, type Target, Targets, Timestamp } from '../../main/publication/metadata.ts';
import { readSigned, type SignedFile } from '../../main/publication/signed-file.ts';

/** The name under which a file is asked for: its digest goes before, so that no name ever means two files (TUF specification 6.2). */
export const servedName = (name: string, { hashes }: Pick<Target, 'hashes'>): string => `${hashes.sha256}.${name}`;

/**
 * Where a published list lies: metadata by role and version, and under `targets` the files of the list. They hold alerts, and
 * are their owner's only. Whatever is replaced is there whole, before or after.
 */
export class ListFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(join(path, 'targets'), { recursive: true, mode: 0o700 });
  }

  /** Every root, the first one first. */
  roots(): SignedFile<Root>[] {
    const roots = [];
    for (let version = 1; existsSync(this.file(`${version}.root.json`)); version++)
      roots.push(this.#signed(`${version}.root.json`, Root));
    return roots;
  }

  /** The root that holds. Fault: `config.invalid` before the first. */
  root(): SignedFile<Root> {
    return this.roots().at(-1) ?? missing('no root was published');
  }

  timestamp(): SignedFile<Timestamp> | undefined {
    return existsSync(this.file('timestamp.json')) ? this.#signed('timestamp.json', Timestamp) : undefined;
  }

  snapshot(): SignedFile<Snapshot> | undefined {
    const version = this.timestamp()?.signed.meta['snapshot.json'].version;
    return version === undefined ? undefined : this.#signed(`${version}.snapshot.json`, Snapshot);
  }

  targets(): SignedFile<Targets> | undefined {
    const version = this.snapshot()?.signed.meta['targets.json'].version;
    return version === undefined ? undefined : this.#signed(`${version}.targets.json`, Targets);
  }

  file(name: string): string {
    return join(this.#path, name);
  }

  target(name: string, target: Target): string {
    return join(this.#path, 'targets', servedName(name, target));
  }

  write(name: string, bytes: Uint8Array): void {
    const file = this.file(name);
    writeFileSync(`${file}.draft`, bytes, { mode: 0o600, flush: true });
    renameSync(`${file}.draft`, file);
  }

  /** Removes files of lists that nobody is told of any more: each copy of a list is one too many. */
  prune(kept: Targets['targets']): void {
    const names = new Set(Object.entries(kept).map(([name, target]) => servedName(name, target)));
    for (const name of readdirSync(join(this.#path, 'targets')))
      if (!names.has(name)) rmSync(join(this.#path, 'targets', name));
  }

  #signed<Signed>(name: string, schema: Parameters<typeof readSigned<Signed>>[1]): SignedFile<Signed> {
    return readSigned(readFileSync(this.file(name)), schema);
  }
}

function missing(why: string): never {
  throw new Fault('config.invalid', why);
}
