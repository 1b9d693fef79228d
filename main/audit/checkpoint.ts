import { Fault } from '../contract/fault.ts';
import { hashOf, toBase64 } from './base64.ts';
import { type NoteKey, type NoteSigner, openNote, signNote, takeApart } from './note.ts';
import { type Frontier, rootOf } from './tree.ts';

/** The head of a log's tree at a size (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Bytes of a checkpoint with all its signatures, at most. */
export const maxCheckpointBytes = 16 * 1024;

/** Signs the head of a tree; the signer's name is the log's origin. */
export function signCheckpoint(tree: Frontier, signer: NoteSigner): string {
  return signNote(`${signer.name}\n${tree.size}\n${toBase64(rootOf(tree))}\n`, signer);
}

/** A checkpoint that the key has signed, or undefined where it has not. Fault: `audit.malformed` for what is none. */
export function openCheckpoint(note: string, key: NoteKey): Checkpoint | undefined {
  const checkpoint = readCheckpoint(note);
  return openNote(note, key) === undefined ? undefined : checkpoint;
}

/** What a checkpoint says, whoever signed it. Fault: `audit.malformed`. */
export function readCheckpoint(note: string): Checkpoint {
  if (note.length > maxCheckpointBytes) throw new Fault('audit.malformed', 'a checkpoint that is too long');
  const [origin = '', size = '', root = '', ...more] = takeApart(note).text.split('\n');
  const bytes = hashOf(root);
  // The text ends in a newline; lines of extension may follow, none of them empty.
  const ended = more.at(-1) === '' && more.slice(0, -1).every((line) => line !== '');
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)) || !bytes || !ended)
    throw new Fault('audit.malformed', 'not a checkpoint');
  return { origin, size: Number(size), root: bytes };
}
