import { closeSync, fsyncSync, openSync, rmSync, statSync, statfsSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../contract/fault.ts';

const chunkBytes = 1024 * 1024;

/** Disk space put by, so that on a full disk a crossing begun is stored and a packet acknowledged is deleted (R13). */
export class Reserve {
  readonly #file: string;
  readonly #bytes: number;

  constructor(file: string, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
    this.restore();
  }

  /** Whether the space is put by, now if not before, and the disk has as much again for the crossing about to start. */
  stands(): boolean {
    this.restore();
    return this.#size() === this.#bytes && this.#free() >= this.#bytes;
  }

  /**
   * Does what must not fail for want of room: on a full disk half of the space is given up, and it is done again, then the
   * other half. So what a log of changes takes leaves room for the changes themselves.
   */
  within<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const size = this.#size();
      if (Fault.from(error).code !== 'store.full' || size === 0) throw error;
      if (size > this.#bytes / 2) truncateSync(this.#file, Math.floor(this.#bytes / 2));
      else rmSync(this.#file, { force: true });
      return this.within(work);
    }
  }

  /** Puts the space by again, if the disk has it. */
  restore(): void {
    if (this.#size() === this.#bytes || this.#free() < 2 * this.#bytes) return;
    // Written out, since a file system may keep a mere length without the blocks.
    const file = openSync(this.#file, 'w', 0o600);
    try {
      const zeros = new Uint8Array(Math.min(chunkBytes, this.#bytes));
      for (let left = this.#bytes; left > 0;) left -= writeSync(file, zeros, 0, Math.min(left, zeros.length));
      fsyncSync(file);
    } catch {
      // The disk filled up meanwhile: `stands` tells.
      rmSync(this.#file, { force: true });
    } finally {
      closeSync(file);
    }
  }

  #size(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  #free(): number {
    const { bavail, bsize } = statfsSync(dirname(this.#file));
    return bavail * bsize;
  }
}
