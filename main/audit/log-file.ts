import { Fault } from '../contract/fault.ts';
import { hashOf, toBase64 } from './base64.ts';
import { maxCheckpointBytes } from './checkpoint.ts';
import { maxLineBytes } from './line.ts';
import { keyText, type NoteKey, readKeyText } from './note.ts';
import { type Frontier, frontierLength } from './tree.ts';

// A log as one text file: a first row that says whose log and what comes before the file; then, in order, lines (`{`), digests of
// lines whose text was erased (`=`), and checkpoints (all else, up to their last row of signature).

/** What the first row says: whose log it is, and the tree of the lines before the file. */
export interface FileHead {
  readonly key: NoteKey;
  readonly before: Frontier;
}

/** A part of the file after its first row; `row` is that of the text file, from 1. */
export type FilePart =
  | { readonly is: 'line'; readonly row: number; readonly line: Buffer }
  | { readonly is: 'erased'; readonly row: number; readonly hash: Buffer }
  | { readonly is: 'checkpoint'; readonly row: number; readonly note: string };

const format = 'limen-audit/1';
const maxHeadBytes = 4096;

/** The first row of a file. */
export function writeHead({ key, before }: FileHead): string {
  return `${[format, keyText(key), before.size, ...before.hashes.map(toBase64)].join(' ')}\n`;
}

/** The row of a line that was erased. */
export function writeErased(hash: Uint8Array): string {
  return `=${toBase64(hash)}\n`;
}

/** Reads the first row without its newline. Fault: `audit.malformed`. */
export function readHead(row: string): FileHead {
  const [name, key = '', size = '', ...rest] = row.split(' ');
  const hashes = rest.map(hashOf).filter((hash) => hash !== undefined);
  const lines = Number(size);
  if (name !== format || !/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(lines))
    throw new Fault('audit.malformed', 'row 1 is not the first row of a log');
  if (hashes.length !== rest.length || hashes.length !== frontierLength(lines))
    throw new Fault('audit.malformed', 'row 1 does not tell what comes before the file');
  return { key: readKeyText(key), before: { size: lines, hashes } };
}

/** Reads a file part by part, in memory that does not grow with it. Fault: `audit.malformed`, with the row. */
export async function* readParts(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<FileHead | FilePart, void, undefined> {
  let row = 0;
  let note: { row: number; text: string; signed: boolean } | undefined;
  for await (const line of rows(bytes)) {
    row++;
    if (row === 1) {
      yield readHead(utf8(line, row));
      continue;
    }
    const text = line[0] === lineMark ? undefined : utf8(line, row);
    if (note?.signed && !text?.startsWith('— ')) {
      yield { is: 'checkpoint', row: note.row, note: note.text };
      note = undefined;
    }
    if (note && text !== undefined) {
      note.text += `${text}\n`;
      note.signed ||= text.startsWith('— ');
      if (note.text.length > maxCheckpointBytes) throw malformed(row, 'a checkpoint that is too long');
    } else if (note) throw malformed(row, 'a line within a checkpoint');
    else if (text === undefined) yield { is: 'line', row, line };
    else if (text.startsWith('=')) yield { is: 'erased', row, hash: hashOf(text.slice(1)) ?? broken(row) };
    else if (text === '') throw malformed(row, 'an empty row');
    else note = { row, text: `${text}\n`, signed: false };
  }
  if (row === 0) throw malformed(1, 'an empty file');
  if (note && !note.signed) throw malformed(note.row, 'a checkpoint without a signature');
  if (note) yield { is: 'checkpoint', row: note.row, note: note.text };
}

const lineMark = 0x7b;
const newline = 0x0a;

/** Rows without their newlines, each within what a row may be. The last has to end, too: a torn end is not a whole row. */
async function* rows(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  const most = Math.max(maxLineBytes, maxHeadBytes);
  let rest: Buffer = Buffer.alloc(0);
  let row = 1;
  for await (const part of bytes) {
    const held = Buffer.concat([rest, part]);
    let start = 0;
    for (let end = held.indexOf(newline); end >= 0; end = held.indexOf(newline, start)) {
      if (end - start > most) throw malformed(row, 'a row that is too long');
      yield held.subarray(start, end);
      start = end + 1;
      row++;
    }
    rest = held.subarray(start);
    if (rest.length > most) throw malformed(row, 'a row that is too long');
  }
  if (rest.length > 0) throw malformed(row, 'a row that does not end');
}

function utf8(bytes: Uint8Array, row: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed(row, 'not UTF-8');
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const malformed = (row: number, what: string) => new Fault('audit.malformed', `row ${row}: ${what}`);
const broken = (row: number): never => {
  throw malformed(row, 'not the digest of a line');
};
