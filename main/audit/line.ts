import { Fault } from '../contract/fault.ts';
import type { AuditEvent } from '../contract/audit.ts';
import { hashOf, toBase64 } from './base64.ts';
import { emptyTree, rootOf } from './tree.ts';

/** Where a log stands: how many lines it has, and the hash of the last. */
export interface Head {
  readonly size: number;
  readonly hash: Uint8Array;
}

/** What every line says of itself, whatever it tells. */
export interface LineHead {
  /** From 1, without gaps. */
  readonly n: number;
  /** Leaf hash of the line before; of the first line the root of the empty tree. */
  readonly prev: Buffer;
  readonly at: string;
  readonly event: string;
}

/** Bytes of a line without its newline, at most. */
export const maxLineBytes = 4 * 1024;

/** Where a log stands before its first line. */
export const emptyHead: Head = { size: 0, hash: rootOf(emptyTree) };

const version = 1;

/** The next line of a log, in canonical JSON (RFC 8785): UTF-8, no newline. Fault: `contract.breach` where it is too long. */
export function writeLine({ size, hash }: Head, at: string, event: AuditEvent): Buffer {
  const line = Buffer.from(canonical({ ...event, v: version, n: size + 1, prev: toBase64(hash), at }));
  if (line.length > maxLineBytes) throw new Fault('contract.breach', 'a line of the log is too long');
  return line;
}

/** Reads a line, if it is one and written as `writeLine` would write it. Lines of later versions may hold other events. */
export function readLine(line: Uint8Array): LineHead | undefined {
  try {
    const text = utf8.decode(line);
    const value = JSON.parse(text) as Record<string, unknown>;
    const { v, n, prev, at, event } = value;
    const before = typeof prev === 'string' ? hashOf(prev) : undefined;
    if (v !== version || !Number.isSafeInteger(n) || (n as number) < 1 || !before) return undefined;
    if (typeof at !== 'string' || typeof event !== 'string' || canonical(value) !== text) return undefined;
    return { n: n as number, prev: before, at, event };
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON as RFC 8785 writes it. Texts and numbers are as ECMAScript writes them; names are in the order of UTF-16. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(',')}}`;
}
