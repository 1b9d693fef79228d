import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { eraseFile, readIfThere, writeDurably } from './durable-file.ts';
import { readKey } from './key.ts';
import { wrapForRecovery } from './recovery.ts';
import type { PcrValues, Tpm } from './tpm.ts';

/** What lies beside the store in place of its key. */
const SealedKey = z.strictObject({
  format: z.literal('limen-sealed-key'),
  version: z.literal(1),
  /** The registers when it was sealed, to tell afterwards which have changed. */
  pcrs: z.record(z.string().regex(/^\d{1,2}$/), z.string().regex(/^[0-9a-f]{64}$/)),
  sealed: z.string().max(16_384),
});

/** Where the key is, who holds it, and who can bring it back. */
export interface SealedKeyOptions {
  /** Where a plain key may lie; the sealed one is beside it with `.tpm`, the one for the office with `.recovery`. */
  readonly file: string;
  /** The store that it opens. */
  readonly database: string;
  readonly tpm: Tpm;
  /** X25519 public key of the office that recovers keys. */
  readonly officeKey: Uint8Array;
}

/** The store's key, and what is left to do once it has been seen to open the store. */
export interface StoreKey {
  readonly key: Uint8Array;
  /** A plain key lay there: one of before the TPM, or one that the office gave back. */
  readonly brought: boolean;
  /** It was sealed, or will be by `settle`: to this machine as it is now. */
  readonly sealedAnew: boolean;
  /** Seals a brought key to the machine as it is now, and erases the file. Faults: those of the TPM, `store.failed`. */
  settle(): Promise<void>;
}

/**
 * Gives the store's key out of the TPM, or a key file that somebody put there; a new kiosk's never is on the disk in clear. Nothing
 * is changed before `settle`. Faults: `tpm.changed` when the machine was not started as when the key was sealed, `tpm.refused`
 * when another TPM sealed it, `tpm.absent`, `tpm.unmeasured`, `store.corrupt`, `store.failed`, `config.invalid`.
 */
export async function openSealedKey(options: SealedKeyOptions): Promise<StoreKey> {
  const { file, database, tpm } = options;
  try {
    if (existsSync(file)) {
      const key = readKey(file);
      return { key, brought: true, sealedAnew: true, settle: () => seal(key, options).then(() => eraseFile(file)) };
    }
    const found = readIfThere(`${file}.tpm`);
    const settle = async () => {};
    if (found) return { key: await unseal(found.toString(), tpm), brought: false, sealedAnew: false, settle };
    if (existsSync(database)) throw new Fault('store.corrupt', 'the store is there and its key is not');
    const key = new Uint8Array(randomBytes(32));
    await seal(key, options);
    return { key, brought: false, sealedAnew: true, settle };
  } catch (error) {
    throw Fault.from(error, 'store.failed');
  }
}

async function unseal(text: string, tpm: Tpm): Promise<Uint8Array> {
  const { sealed, pcrs } = readSealed(text);
  try {
    const key = await tpm.unseal(sealed);
    if (key.length !== 32) throw new Fault('store.corrupt', 'the sealed key is not 32 bytes long');
    return key;
  } catch (cause) {
    if (Fault.from(cause).code !== 'tpm.refused') throw cause;
    const changed = changedPcrs(pcrs, await tpm.pcrs());
    if (changed.length === 0) throw cause;
    throw new Fault('tpm.changed', `registers ${changed.join(', ')} are not as they were`, { cause });
  }
}

function readSealed(text: string): z.infer<typeof SealedKey> {
  try {
    return SealedKey.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault('store.corrupt', 'the sealed key cannot be read', { cause });
  }
}

const changedPcrs = (before: PcrValues, now: PcrValues) =>
  Object.keys(before).filter((pcr) => before[pcr] !== now[pcr]);

/** The key for the office first: a sealed key that nobody could bring back must not be all that is left. */
async function seal(key: Uint8Array, { file, tpm, officeKey }: SealedKeyOptions): Promise<void> {
  const pcrs = await tpm.pcrs();
  const sealed = await tpm.seal(key);
  const back = await tpm.unseal(sealed);
  const same = back.length === key.length && timingSafeEqual(back, key);
  back.fill(0);
  if (!same) throw new Fault('tpm.refused', 'the TPM gives back another key than it was given');
  writeDurably(`${file}.recovery`, await wrapForRecovery(key, officeKey));
  writeDurably(`${file}.tpm`, JSON.stringify({ format: 'limen-sealed-key', version: 1, pcrs, sealed }));
}
