import { disks } from './disk-rows.ts';
import { kills } from './kill.ts';
import { lines } from './line-rows.ts';
import { lists } from './list-rows.ts';
import { queues } from './queue-rows.ts';
import type { Row } from './row.ts';

/** The fault matrix of store, uplink and central, by number. */
export const matrix: readonly Row[] = [...kills, ...disks, ...lines, ...lists, ...queues].toSorted(
  (a, b) => a.number - b.number,
);

/** Rows that are proved by another command. */
export const elsewhere: Readonly<Record<number, string>> = {
  14: 'a TPM in another state: with the key at rest (test/store)',
  15: 'a malicious device: npm run test:system, npm run fuzz -- devices',
};
