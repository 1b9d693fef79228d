import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint } from '../../main/audit/checkpoint.ts';
import { emptyHead, writeLine } from '../../main/audit/line.ts';
import { type FileHead, type FilePart, readParts, writeErased, writeHead } from '../../main/audit/log-file.ts';
import { type NoteSigner, signerOf } from '../../main/audit/note.ts';
import { emptyTree, type Frontier, grow, leafHash } from '../../main/audit/tree.ts';
import { type Against, type Verdict, verifyLog } from '../../main/audit/verification.ts';
import { uuidv7 } from '../uplink/records.ts';

/** A log as a test builds one: its lines, the trees after each, and the file it would be exported as. */
export interface MadeLog {
  readonly signer: NoteSigner;
  readonly lines: readonly Buffer[];
  /** By size. */
  readonly trees: readonly Frontier[];
  /** The checkpoint at a size. */
  checkpoint(size: number): string;
  /** Rows of the file without their newlines; `from` is the first line it holds. */
  rows(options?: { from?: number; every?: number; erased?: readonly number[] }): string[];
}

/** Makes a log of so many lines. */
export function makeLog(count: number, name = 'limen/kiosk/gate-1'): MadeLog {
  const signer = signerOf(name, generateKeyPairSync('ed25519').privateKey);
  const lines: Buffer[] = [];
  const trees = [emptyTree];
  let head = emptyHead;
  for (let n = 1; n <= count; n++) {
    const line = writeLine(head, new Date(Date.UTC(2026, 10, 25) + n).toISOString(), {
      event: 'crossing-begun',
      crossingId: uuidv7(),
    });
    head = { size: n, hash: leafHash(line) };
    lines.push(line);
    trees.push(grow(trees.at(-1)!, head.hash));
  }
  const checkpoint = (size: number) => signCheckpoint(trees[size]!, signer);
  return {
    signer,
    lines,
    trees,
    checkpoint,
    rows({ from = 1, every = 4, erased = [] } = {}) {
      const before = trees[from - 1]!;
      const rows = [writeHead({ key: signer, before }).trimEnd()];
      for (let n = from; n <= count; n++) {
        const line = lines[n - 1]!;
        rows.push(erased.includes(n) ? writeErased(leafHash(line)).trimEnd() : line.toString());
        if (n % every === 0 || n === count) rows.push(...checkpoint(n).trimEnd().split('\n'));
      }
      return rows;
    },
  };
}

export const fileOf = (rows: readonly string[]) => Buffer.from(rows.map((row) => `${row}\n`).join(''));

/** Looks through a file held in memory. */
export function verifyFile(file: Uint8Array, against: Against = {}): Promise<Verdict> {
  return verifyLog(readParts([file]) as AsyncIterable<FileHead | FilePart>, against);
}
