import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { Fault } from '../contract/fault.ts';

const blockBytes = 64 * 1024;
const tagBytes = 16;

/**
 * A file that only this process can read: AES-256-GCM in blocks, numbered by their nonces, under a key that is never stored.
 * What is left of it when the process ends is noise. Faults: `store.failed`, `store.full`.
 */
export class SealedFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #key = randomBytes(32);
  readonly #digest = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);
  #blocks = 0;
  /** Bytes that were appended. */
  length = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes one in the place of whatever lies there. */
  static async make(path: string): Promise<SealedFile> {
    return writing(async () => new SealedFile(path, await open(path, 'w+', 0o600)));
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#digest.update(bytes);
    this.length += bytes.length;
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= blockBytes) {
      await this.#write(this.#rest.subarray(0, blockBytes));
      this.#rest = this.#rest.subarray(blockBytes);
    }
  }

  /** SHA-256 of all that was appended, in hexadecimal. */
  sha256(): string {
    return this.#digest.copy().digest('hex');
  }

  /** All that was appended, from the beginning. Fault: `store.corrupt` where the disk gives something else. */
  async *read(): AsyncGenerator<Uint8Array> {
    const sealed = Buffer.alloc(blockBytes + tagBytes);
    for (let block = 0; block < this.#blocks; block++) {
      const { bytesRead } = await writing(() => this.#file.read(sealed, 0, sealed.length, block * sealed.length));
      if (bytesRead !== sealed.length) throw new Fault('store.corrupt', 'a download breaks off');
      const cipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(block));
      cipher.setAuthTag(sealed.subarray(blockBytes));
      try {
        yield Buffer.concat([cipher.update(sealed.subarray(0, blockBytes)), cipher.final()]);
      } catch (cause) {
        throw new Fault('store.corrupt', 'a download is not as it was written', { cause });
      }
    }
    if (this.#rest.length > 0) yield this.#rest;
  }

  /** Overwrites the key and removes the file. */
  async discard(): Promise<void> {
    this.#key.fill(0);
    this.#rest = Buffer.alloc(0);
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true });
  }

  async #write(block: Uint8Array): Promise<void> {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#blocks));
    const sealed = Buffer.concat([cipher.update(block), cipher.final(), cipher.getAuthTag()]);
    await writing(() => this.#file.write(sealed, 0, sealed.length, this.#blocks * sealed.length));
    this.#blocks++;
  }
}

function nonceOf(block: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(block, 8);
  return nonce;
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw Fault.from(error, full ? 'store.full' : 'store.failed');
  }
}
