import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SealedPacket } from '../../main/contract/packet.ts';
import { openStore, type Store, type StoreOptions } from '../../main/store/store.ts';
import { uuidv7 } from '../uplink/records.ts';

/** A folder of its own for one test, gone with `dispose`. */
export interface Disk extends Disposable {
  readonly directory: string;
  readonly file: string;
  readonly key: Uint8Array;
  /** Opens the store on it; a small reserve, so that tests stay quick. */
  open(options?: Partial<StoreOptions>): Store;
}

/** Makes an empty disk. */
export function newDisk(directory = mkdtempSync(join(tmpdir(), 'limen-')), key: Uint8Array = randomBytes(32)): Disk {
  const file = join(directory, 'store.db');
  return {
    directory,
    file,
    key,
    open: (options) => openStore({ file, key, reserveBytes: 64 * 1024, ...options }),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A packet as the store sees one: a header and bytes it cannot read. */
export function packet(bytes = 200, more: Partial<SealedPacket> = {}): SealedPacket {
  return {
    id: uuidv7(),
    kioskId: 'gate-1',
    kind: 'crossing',
    keyId: 'key-1',
    sealed: new Uint8Array(randomBytes(bytes)),
    ...more,
  };
}

/** Concludes a crossing of its own for each packet. */
export function fill(store: Store, packets: readonly SealedPacket[]): void {
  for (const each of packets) store.conclude({ crossingId: uuidv7(), outcome: 'clear' }, [each]);
}

/** Everything in the outbox, as next gives it. */
export function contents(store: Store): SealedPacket[] {
  return store.outbox.next({ maxRows: 1_000_000, maxBytes: Infinity }).map(({ packet }) => packet);
}

/** Which of a folder's files hold these bytes as they are. */
export function filesWith(directory: string, bytes: Uint8Array): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(Buffer.from(bytes)));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
