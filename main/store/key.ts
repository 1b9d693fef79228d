import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../contract/fault.ts';

/**
 * The store's key: 32 random bytes in a file only its owner may read, made on first use. Whoever has the whole disk has
 * this file too: sealing it to the machine's TPM is a later step, until then it guards against lost backups and single files.
 * Faults: `store.corrupt` (wrong length), `config.invalid` (others may read it), `store.failed`.
 */
export function readOrCreateKey(file: string): Uint8Array {
  try {
    if (!statSync(file, { throwIfNoEntry: false })) createKey(file);
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) throw new Fault('config.invalid', 'the key file is open to others');
    const key = new Uint8Array(readFileSync(file));
    if (key.length !== 32) throw new Fault('store.corrupt', 'the key file is not 32 bytes long');
    return key;
  } catch (error) {
    throw Fault.from(error, 'store.failed');
  }
}

/** Written aside and linked into place: a power cut leaves a whole key or none, and of two makers one wins. */
function createKey(file: string): void {
  const draft = `${file}.${process.pid}.draft`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, randomBytes(32));
    fsyncSync(descriptor);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
  const directory = openSync(dirname(file), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
