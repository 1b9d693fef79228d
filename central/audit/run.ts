import { openCheckpoint } from '../../main/audit/checkpoint.ts';
import { readLine } from '../../main/audit/line.ts';
import type { NoteKey } from '../../main/audit/note.ts';
import { type Frontier, grow, leafHash, rootOf } from '../../main/audit/tree.ts';

/** A log as far as it was checked: its tree, and the hash of its last line. */
export interface Checked {
  readonly tree: Frontier;
  readonly head: Uint8Array;
}

/** Why a run is not the continuation of a log. */
export type RunFault =
  'line-malformed' | 'line-out-of-turn' | 'chain-broken' | 'signature-false' | 'checkpoint-misplaced' | 'root-differs';

/** What comes of a log when lines are added: where it then stands and their hashes, or the first line that does not fit. */
export type Continued =
  | { readonly checked: Checked; readonly hashes: readonly Buffer[] }
  | { readonly fault: RunFault; readonly line: number };

/** Adds lines to a log, if each follows the one before and the key has signed a checkpoint over the last. */
export function continueLog(
  { tree, head }: Checked,
  lines: readonly string[],
  checkpoint: string,
  key: NoteKey,
): Continued {
  const hashes: Buffer[] = [];
  for (const text of lines) {
    const bytes = Buffer.from(text);
    const line = readLine(bytes);
    const n = tree.size + 1;
    if (!line) return { fault: 'line-malformed', line: n };
    if (line.n !== n) return { fault: 'line-out-of-turn', line: n };
    if (!line.prev.equals(head)) return { fault: 'chain-broken', line: n };
    const hash = leafHash(bytes);
    tree = grow(tree, hash);
    head = hash;
    hashes.push(hash);
  }
  const fault = faultOf(checkpoint, tree, key);
  return fault ? { fault, line: tree.size } : { checked: { tree, head }, hashes };
}

function faultOf(note: string, tree: Frontier, key: NoteKey): RunFault | undefined {
  try {
    const checkpoint = openCheckpoint(note, key);
    if (!checkpoint || checkpoint.origin !== key.name) return 'signature-false';
    if (checkpoint.size !== tree.size) return 'checkpoint-misplaced';
    return checkpoint.root.equals(rootOf(tree)) ? undefined : 'root-differs';
  } catch {
    return 'signature-false';
  }
}
