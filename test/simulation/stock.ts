import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';
import { type OpeningKeys, readOpeningKey } from '../../central/opening.ts';
import { laneOf, type PacketKind, type SealedPacket } from '../../main/contract/packet.ts';
import { openStore } from '../../main/store/store.ts';
import type { ReceiptKeys } from '../../main/uplink/receipt.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { packet } from '../store/disk.ts';
import { layField } from '../uplink/field.ts';
import {
  alarmRecord,
  auditRecord,
  biometricsRecord,
  crossingRecord,
  guardRecord,
  statisticsRecord,
} from '../uplink/records.ts';
import { filesOf } from './volume.ts';

const kioskId = 'gate-1';
const make = {
  alarm: () => alarmRecord(kioskId),
  crossing: () => crossingRecord(kioskId),
  'guard-decision': () => guardRecord(kioskId),
  biometrics: () => biometricsRecord(kioskId),
  audit: () => auditRecord(kioskId),
  statistics: () => statisticsRecord(kioskId),
} as const;
const ofEach = 24;
const largeBytes = 600_000;

/** What every schedule of a process begins with. Its bytes differ from run to run, and no schedule depends on them. */
export interface Stock {
  readonly kioskId: string;
  readonly key: Uint8Array;
  readonly receiptKeys: ReceiptKeys;
  readonly receiptKey: KeyObject;
  readonly openingKeys: OpeningKeys;
  /** Sealed packets by kind; `large` ones go in parts, `poison` ones are such as central will never take. */
  readonly packets: Readonly<Record<PacketKind | 'poison' | 'large', readonly SealedPacket[]>>;
  /** Disks with an empty store and an empty central. */
  readonly kioskDisk: ReadonlyMap<string, Buffer>;
  readonly centralDisk: ReadonlyMap<string, Buffer>;
  remove(): Promise<void>;
}

/** Makes certificates, packets and empty disks. */
export async function layIn(directory: string): Promise<Stock> {
  const folder = mkdtempSync(join(directory, 'stock-'));
  const field = await layField();
  const { centralKey, receiptKey: receiptKeys } = field.credentials;
  const central = readDirectory(field.pki.central);
  const openingKeys: OpeningKeys = new Map(await Promise.all(central.openingKeys.map((jwk) => readOpeningKey(jwk))));
  const key = new Uint8Array(32).fill(7);
  openStore({ file: join(folder, 'store.db'), key, reserveBytes: 4096 }).close();
  await (await openCentralDatabase(join(folder, 'central.db'), key)).close();
  const packets: Record<string, SealedPacket[]> = { poison: [], large: [] };
  for (const kind of Object.keys(laneOf) as PacketKind[]) {
    packets[kind] = [];
    for (let i = 0; i < ofEach; i++) packets[kind].push(await sealRecord(make[kind](), centralKey));
  }
  for (let i = 0; i < 2; i++)
    packets['large']!.push(await sealRecord(biometricsRecord(kioskId, '', { bytes: largeBytes }), centralKey));
  for (let i = 0; i < ofEach; i++) packets['poison']!.push(packet(300, { keyId: i % 2 ? centralKey.id : 'forgotten' }));
  const stock = {
    kioskId,
    key,
    receiptKeys,
    receiptKey: createPrivateKey(central.receiptKey),
    openingKeys,
    packets: packets as unknown as Stock['packets'],
    kioskDisk: filesOf(folder, ['store.db']),
    centralDisk: filesOf(folder, ['central.db']),
    remove: async () => field[Symbol.asyncDispose](),
  };
  rmSync(folder, { recursive: true });
  return stock;
}
