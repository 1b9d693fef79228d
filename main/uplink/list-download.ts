import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { Target } from '../publication/metadata.ts';
import { backoffMs } from './backoff.ts';
import type { ListLine } from './list-line.ts';
import { SealedFile } from './sealed-file.ts';

const attempts = 5;

/** A file of a list on its way. It outlives a line that breaks, and a visit; of another process nothing is left. */
export class ListDownload {
  readonly #path: string;
  #begun: { readonly sha256: string; readonly version: number; readonly file: SealedFile } | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /** `path`: where the sealed bytes lie meanwhile. What an earlier process left there, which nobody can read, is removed. */
  static async open(path: string): Promise<ListDownload> {
    await rm(path, { force: true });
    return new ListDownload(path);
  }

  /** What is on the disk of it now, for the inventory of copies. */
  held(): { readonly version: number; readonly bytes: number } | undefined {
    return this.#begun && { version: this.#begun.version, bytes: this.#begun.file.length };
  }

  /**
   * Fetches a target to its end, going on where it broke off before, and gives its bytes once they are the ones described; the
   * caller discards it. Faults: `uplink.offline` when it breaks off again and again (what came is kept), `watchlist.refused` for
   * other bytes, those of the disk.
   */
  async fetch(
    line: ListLine,
    name: string,
    { length, hashes: { sha256 }, custom: { to } }: Target,
    signal: AbortSignal,
    random = Math.random,
  ): Promise<SealedFile> {
    if (this.#begun?.sha256 !== sha256) {
      await this.discard();
      this.#begun = { sha256, version: to, file: await SealedFile.make(this.#path) };
    }
    const { file } = this.#begun;
    for (let failures = 0; file.length < length;) {
      const before = file.length;
      try {
        await more(file, length, await line.from(`targets/${sha256}.${name}`, file.length, signal));
      } catch (error) {
        const fault = Fault.from(error);
        if (fault.code !== 'uplink.offline') await this.discard();
        signal.throwIfAborted();
        failures = file.length > before ? 1 : failures + 1;
        if (fault.code !== 'uplink.offline' || failures >= attempts) throw fault;
        await sleep(backoffMs(failures, random), undefined, { signal });
      }
    }
    if (file.sha256() === sha256) return file;
    await this.discard();
    throw new Fault('watchlist.refused', 'a file that is not the one described');
  }

  /** Gives up what there is: its key is overwritten. */
  async discard(): Promise<void> {
    const begun = this.#begun;
    this.#begun = undefined;
    await begun?.file.discard();
  }
}

/** Takes in what comes; one byte too many, and it is another file. */
async function more(file: SealedFile, length: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (file.length + chunk.length > length) throw new Fault('watchlist.refused', 'a file without end');
    await file.append(chunk);
  }
  if (file.length < length) throw new Fault('uplink.offline', 'a file broke off');
}
