import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PacketKind } from '../../../main/contract/packet.ts';

/** A record as central's own tool prints it; biometric parts by size and digest. */
export interface StoredRecord {
  readonly id: string;
  readonly crossingId: string;
  readonly kind: PacketKind;
  readonly outcome?: string;
  readonly fallback?: boolean;
  readonly reasons?: readonly { readonly code: string }[];
  readonly notices?: readonly { readonly code: string }[];
}

/** Those that say what was decided, by the machine or by a guard. */
export const decided = (records: readonly StoredRecord[]): StoredRecord[] =>
  records.filter(({ kind }) => kind === 'crossing' || kind === 'guard-decision');

/** The records that lie at central, oldest first, read with central's own tool. */
export async function recordsAt(directory: string): Promise<StoredRecord[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['central/records.ts', '--dir', directory], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StoredRecord);
}
