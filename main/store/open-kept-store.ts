import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../contract/fault.ts';
import { readOrCreateKey } from './key.ts';
import type { LifeSettings } from './list-life.ts';
import { RollbackGuard } from './rollback.ts';
import { openSealedKey } from './sealed-key.ts';
import { openStore, type Store, type StoreLimits } from './store.ts';
import { openTpm, type Tpm, type TpmOptions } from './tpm.ts';

/** Where the store lies and who holds its key. */
export interface KeptStoreOptions {
  /** Folder of the store and its key. */
  readonly directory: string;
  readonly now: () => number;
  /** What the store's log is told: whose it is, and which program opens it. */
  readonly kioskId?: string;
  readonly program?: string;
  readonly limits?: StoreLimits;
  /** See StoreOptions. */
  readonly watchlist?: LifeSettings;
  /** Left out where the key lies in a file. */
  readonly tpm?: TpmOptions;
  /** See SealedKeyOptions. */
  readonly officeKey?: Uint8Array;
}

/** The open store, how its key is kept, and its guard against old copies, to be moved on now and then. */
export interface KeptStore {
  readonly store: Store;
  readonly keyIn: 'tpm' | 'file';
  readonly guard?: RollbackGuard;
}

/** Opens the store with the key that the TPM, or a file, holds. Faults: those of openSealedKey, RollbackGuard and openStore. */
export async function openKeptStore({ tpm, officeKey, ...where }: KeptStoreOptions): Promise<KeptStore> {
  const { directory, now: _, limits, ...log } = where;
  if (!tpm) {
    const [file, database] = [join(directory, 'limen.key'), join(directory, 'limen.db')];
    if (existsSync(`${file}.tpm`) && !existsSync(file))
      throw new Fault('config.invalid', 'the TPM holds the key of the store, and the configuration names none');
    return { store: openStore({ file: database, key: readOrCreateKey(file), ...limits, ...log }), keyIn: 'file' };
  }
  if (!officeKey) throw new Fault('config.invalid', 'recovery.jwk is missing: a changed machine would lose its store');
  return openWithTpm(where, openTpm(tpm), officeKey);
}

/** The same with a TPM that is reached otherwise. */
export async function openWithTpm(
  { directory, now, limits, ...log }: Omit<KeptStoreOptions, 'tpm' | 'officeKey'>,
  tpm: Tpm,
  officeKey: Uint8Array,
): Promise<KeptStore> {
  const [file, database] = [join(directory, 'limen.key'), join(directory, 'limen.db')];
  const kept = await openSealedKey({ file, database, tpm, officeKey });
  const store = openStore({ file: database, key: kept.key, ...limits, ...log });
  try {
    const guard = new RollbackGuard(tpm, store.rollbackMark, now);
    // Who brought a key that opens the store vouches for it.
    await guard.check({ vouched: kept.brought });
    await kept.settle();
    if (kept.sealedAnew) store.note({ event: 'key-changed', use: 'store-key-sealed', keyId: 'tpm' });
    kept.key.fill(0);
    return { store, keyIn: 'tpm', guard };
  } catch (error) {
    store.close();
    throw error;
  }
}
