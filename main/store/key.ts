import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { Fault } from '../contract/fault.ts';
import { syncFolder } from './durable-file.ts';

/**
 * The store's key where no TPM holds it: 32 random bytes in a file only its owner may read, made on first use. Whoever has the
 * whole disk has this file too: it guards against lost backups and single files.
 * Faults: `store.corrupt` (wrong length), `config.invalid` (others may read it), `store.failed`.
 */
export function readOrCreateKey(file: string): Uint8Array {
  try {
    if (!statSync(file, { throwIfNoEntry: false })) createKey(file);
    return readKey(file);
  } catch (error) {
    throw Fault.from(error, 'store.failed');
  }
}

/** Reads a key file. Faults: `store.corrupt` (wrong length), `config.invalid` (others may read it), `store.failed`. */
export function readKey(file: string): Uint8Array {
  try {
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
  syncFolder(file);
}
