import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A record as central's own tool prints it; biometric parts by size and digest. */
export interface StoredRecord {
  readonly id: string;
  readonly crossingId: string;
  readonly kind: 'crossing' | 'guard-decision';
  readonly outcome: string;
  readonly fallback?: boolean;
  readonly reasons?: readonly { readonly code: string }[];
}

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
