import { crc32 } from 'node:zlib';
import { Fault } from '../contract/fault.ts';

/* The picture of a page, docs/document-reader.md, section 5.2. */

const fragmentBytes = 4096;
const maxPageBytes = 8 * 1024 * 1024;
const headBytes = 4;

/** A picture that a reader has and the host may fetch: its length and the CRC-32 of the whole. */
export interface PageOffer {
  readonly lengthBytes: number;
  readonly crc: number;
}

/** The offer behind the flags of a `D` frame. Fault `device.protocol` when it is cut short or of no or too great a length. */
export function offerOf(body: Uint8Array): PageOffer {
  if (body.length < 8) throw new Fault('device.protocol', 'a page offer cut short');
  const fields = new DataView(body.buffer, body.byteOffset, body.length);
  const lengthBytes = fields.getUint32(0, true);
  if (lengthBytes === 0 || lengthBytes > maxPageBytes)
    throw new Fault('device.protocol', `a page of ${lengthBytes} bytes`);
  return { lengthBytes, crc: fields.getUint32(4, true) };
}

/**
 * Fetches a document's page fragment by fragment; `ask` sends a request's payload and gives what was answered. Nothing when
 * the reader no longer has that document, or `wanted` says no; `damaged` when the whole does not fit its CRC-32. Fault
 * `device.protocol` for a fragment that was not asked for or has another length, and what `ask` fails with.
 */
export async function fetchPage(
  document: number,
  { lengthBytes, crc }: PageOffer,
  ask: (request: Uint8Array) => Promise<Uint8Array>,
  wanted: () => boolean,
): Promise<Uint8Array | 'damaged' | undefined> {
  const page = new Uint8Array(lengthBytes);
  const giveUp = <T>(result: T): T => (page.fill(0), result);
  for (let at = 0, index = 0; at < lengthBytes; at += fragmentBytes, index++) {
    if (!wanted()) return giveUp(undefined);
    const head = Uint8Array.of(document & 0xff, document >> 8, index & 0xff, index >> 8);
    const answer = await ask(head);
    const fragment = answer.subarray(headBytes);
    const due = Math.min(fragmentBytes, lengthBytes - at);
    const asked = answer.length >= headBytes && head.every((byte, place) => answer[place] === byte);
    if (asked && fragment.length === 0) return giveUp(undefined);
    if (!asked || fragment.length !== due) {
      giveUp(undefined);
      throw new Fault('device.protocol', 'another fragment than was asked for');
    }
    page.set(fragment, at);
    fragment.fill(0);
  }
  if (!wanted()) return giveUp(undefined);
  return crc32(page) === crc ? page : giveUp('damaged');
}
