import { disks } from './disk-rows.ts';
import { kills } from './kill.ts';
import { lines } from './line-rows.ts';
import { queues } from './queue-rows.ts';
import type { Row } from './row.ts';

/** The fault matrix of store, uplink and central, by number. */
export const matrix: readonly Row[] = [...kills, ...disks, ...lines, ...queues].toSorted((a, b) => a.number - b.number);

/** Rows that are proved by another command. */
export const elsewhere: Readonly<Record<number, string>> = {
  13: 'an interrupted, forged or rolled-back watchlist: comes with its signed download; a list is replaced whole today (test/store)',
  14: 'a TPM in another state: with the key at rest (test/store)',
  15: 'a malicious device: npm run test:system, npm run fuzz -- devices',
};
