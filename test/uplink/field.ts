import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SealedPacket } from '../../main/contract/packet.ts';
import type { LimenRecord } from '../../main/contract/record.ts';
import { openStore, type Store, type StoreOptions } from '../../main/store/store.ts';
import { readCredentials } from '../../main/uplink/credentials.ts';
import { type KeyRing, openKeyRing } from '../../main/uplink/key-ring.ts';
import type { ReceiptKeys } from '../../main/uplink/receipt.ts';
import { type CentralKey, sealRecord } from '../../main/uplink/seal.ts';
import type { TlsFiles } from '../../main/uplink/transport.ts';
import { type Uplink, type UplinkOptions, startUplink } from '../../main/uplink/uplink.ts';
import { remove, serversOf } from '../central/place.ts';
import { createPki, type Pki } from '../sim/pki/pki.ts';

const reserveBytes = 64 * 1024;

/** A kiosk's back end on a disk of its own, and the certificates of a small field. Gone with `dispose`. */
export interface Field extends AsyncDisposable {
  readonly directory: string;
  readonly pki: Pki;
  readonly credentials: {
    readonly kioskId: string;
    readonly tls: TlsFiles;
    /** As the kiosk was given it. */
    readonly centralKey: CentralKey;
    readonly receiptKey: ReceiptKeys;
  };
  readonly ring: KeyRing;
  readonly store: Store;
  keep(record: LimenRecord): Promise<void>;
}

/** Lays out a field with one kiosk, `gate-1`. */
export async function layField(options: Partial<StoreOptions> = {}): Promise<Field> {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const pki = await createPki(join(directory, 'pki'), { kiosks: ['gate-1', 'gate-2'] });
  // Where the tests run on servers, this central has a database and a stream of its own there.
  const servers = await serversOf(join(pki.central, 'central.db'));
  writeFileSync(join(pki.central, 'central.json'), JSON.stringify(servers), { mode: 0o600 });
  const store = openStore({ file: join(directory, 'store.db'), key: randomBytes(32), reserveBytes, ...options });
  const { kioskId, tls, keyAuthority, keyDocument } = readCredentials(pki.kiosks['gate-1']!);
  const ring = await openKeyRing({
    authority: keyAuthority,
    provisioned: keyDocument,
    kept: store.keyDocument,
    now: Date.now,
    maxAgeMs: 35 * 86_400_000,
  });
  const credentials = { kioskId, tls, centralKey: ring.sealingKey(), receiptKey: ring.receiptKey };
  return {
    directory,
    pki,
    credentials,
    store,
    ring,
    async keep(record) {
      keep(store, record, await sealRecord(record, ring.sealingKey()));
    },
    async [Symbol.asyncDispose]() {
      store.close();
      await remove(join(pki.central, 'central.db'));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Stores a sealed record as the kiosk does: with the end of its crossing, if it is of one. */
export function keep(store: Store, record: LimenRecord, packet: SealedPacket): void {
  if (!('crossingId' in record)) return store.enqueue([packet]);
  const outcome = 'outcome' in record ? record.outcome : 'refer';
  store.conclude({ crossingId: record.crossingId, outcome }, [packet]);
}

/** Starts an uplink and tells when a condition holds for the first time. */
export function ship(field: Field, options: Pick<UplinkOptions, 'url'> & Partial<UplinkOptions>) {
  const checks = new Set<() => void>();
  const { kioskId, tls, receiptKey } = field.credentials;
  const uplink: Uplink = startUplink({
    outbox: field.store.outbox,
    kioskId,
    tls,
    receiptKey,
    ...options,
    onChange: () => checks.forEach((check) => check()),
  });
  const until = (holds: (uplink: Uplink) => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (holds(uplink)) resolve();
      };
      checks.add(check);
      check();
    });
  return { uplink, until };
}
