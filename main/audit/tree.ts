import { hash } from 'node:crypto';

/** The last row of a growing tree: the roots of its full subtrees, the largest first; as many as `size` has bits set. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** The tree of no leaves. */
export const emptyTree: Frontier = { size: 0, hashes: [] };

/** SHA-256 of a leaf's bytes behind 0x00 (RFC 6962, 2.1). */
export function leafHash(leaf: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([leafMark, leaf]), 'buffer');
}

/** The tree with one leaf more. */
export function grow({ size, hashes }: Frontier, leaf: Uint8Array): Frontier {
  const row = [...hashes];
  let node = leaf;
  // Two full subtrees of a size become one.
  for (let left = size; left % 2 === 1; left = (left - 1) / 2) node = nodeHash(row.pop()!, node);
  row.push(node);
  return { size: size + 1, hashes: row };
}

/** The Merkle tree hash (RFC 6962, 2.1), 32 bytes. */
export function rootOf({ hashes }: Frontier): Uint8Array {
  if (hashes.length === 0) return hash('sha256', '', 'buffer');
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** How many hashes the frontier of a tree of so many leaves has. */
export function frontierLength(size: number): number {
  let count = 0;
  for (let left = size; left > 0; left = Math.floor(left / 2)) count += left % 2;
  return count;
}

const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodeMark, left, right]), 'buffer');
}
