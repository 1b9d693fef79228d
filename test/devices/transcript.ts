import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/**
 * One line of a transcript: host to device (`=>`), device to host (`<=`), a feature report (`get`, `set`) or a control
 * transfer (`in`, `out`).
 */
export interface Step {
  readonly kind: '=>' | '<=' | 'get' | 'set' | 'in' | 'out';
  /** Of a USB device: the endpoint, or bmRequestType, bRequest, wValue and wIndex; empty otherwise. */
  readonly address: string;
  readonly bytes: Uint8Array;
  /** A control transfer that the device refuses. */
  readonly stall: boolean;
  readonly line: string;
  /** Where it stands, from 1. */
  readonly number: number;
}

const shape = /^(=>|<=|get|set|in|out)(?::?([0-9a-f][0-9a-f:]*))? (.+)$/;

/** The steps of a text of lines such as `=> 10ff`, `<=82 00`, `in:c0:04:0007:0000 01`; other lines are remarks. */
export function stepsOf(lines: readonly string[]): Step[] {
  return lines.flatMap((line, at) => {
    const [, kind, address = '', body = ''] = shape.exec(line) ?? [];
    if (!kind) return [];
    const bytes = body.startsWith('"')
      ? Buffer.from(`${body.slice(1, -1)}\r\n`, 'latin1')
      : Buffer.concat(body.split(' ').map(runOf));
    const stall = body === 'stall';
    return [{ kind: kind as Step['kind'], address, bytes: new Uint8Array(bytes), stall, line, number: at + 1 }];
  });
}

/** Bytes in hexadecimal, or `60*384` for a run of the same. */
function runOf(part: string): Buffer {
  const [, hex = part, times = '1'] = /^([0-9a-f]+)\*(\d+)$/.exec(part) ?? [];
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.alloc(bytes.length * Number(times), bytes);
}

/** A step as a line; bytes are hexadecimal, or text in double quotes where they are one line of it. */
export function lineOf(kind: Step['kind'], bytes: Uint8Array | 'stall' | 'none', address = ''): string {
  const colon = address.includes(':') ? ':' : '';
  return `${kind}${colon}${address} ${typeof bytes === 'string' ? bytes : bodyOf(bytes)}`;
}

function bodyOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  if (/^[ !#-~]+\r\n$/.test(text)) return `"${text.trimEnd()}"`;
  return bytes.length > 0 ? Buffer.from(bytes).toString('hex') : 'none';
}

/** The steps of the `transcript` block of a page in docs/. Bytes are hexadecimal, or text in double quotes. */
export const readTranscript = (page: string, block = 'transcript'): Step[] => stepsOf(readBlock(page, block));

/** The steps of a file in test/devices/golden/. */
export const readGolden = (name: string): Step[] =>
  stepsOf(readFileSync(new URL(`golden/${name}.transcript`, import.meta.url), 'utf8').split('\n'));

/** The text of a page in docs/. */
export const readPage = (page: string): string => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');

/** The lines of a fenced block of a page in docs/. */
export function readBlock(page: string, name: string): string[] {
  const block = new RegExp('```' + name + '\\n([^`]*)```').exec(readPage(page))?.[1];
  assert.ok(block, `docs/${page} has a block called ${name}`);
  return block.trim().split('\n');
}
