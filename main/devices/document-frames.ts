import { crc32 } from 'node:zlib';
import { crc16 } from './crc16.ts';

/* The binary frames of docs/document-reader.md, section 3. */

const SOH = 0x01;
const headerBytes = 8;
const trailerBytes = 4;
/** More than any portrait of a passport, less than would hurt. */
export const maxPayloadBytes = 512 * 1024;

/** What a stream of bytes turns out to hold; `damaged` is a frame whose start was seen and that came to nothing. */
export type Frame =
  | { readonly type: 'binary'; readonly kind: string; readonly sequence: number; readonly payload: Uint8Array }
  | { readonly type: 'damaged' };

/** A binary frame, ready to send. */
export function encodeFrame(kind: string, sequence: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + payload.length + trailerBytes);
  const fields = new DataView(frame.buffer);
  frame.set([SOH, kind.charCodeAt(0), sequence]);
  frame.set([payload.length & 0xff, (payload.length >> 8) & 0xff, payload.length >> 16], 3);
  fields.setUint16(6, crc16(frame.subarray(0, 6)), true);
  frame.set(payload, headerBytes);
  fields.setUint32(headerBytes + payload.length, crc32(payload), true);
  return frame;
}

/** Finds frames in a stream that may be cut anywhere and hold anything. Memory stays under the frame limits. */
export class FrameReader {
  /** Bytes that belonged to no frame. */
  skippedBytes = 0;
  #mode: 'hunt' | 'header' | 'payload' = 'hunt';
  #header: number[] = [];
  #payload = new Uint8Array(0);
  #filled = 0;

  /** Whether a frame has begun and not ended. */
  get midway(): boolean {
    return this.#mode !== 'hunt';
  }

  /** Gives up a frame that stopped coming. */
  reset(): Frame[] {
    return this.midway ? this.#damaged() : [];
  }

  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.#mode === 'payload') {
        const piece = chunk.subarray(at, at + this.#payload.length - this.#filled);
        this.#payload.set(piece, this.#filled);
        this.#filled += piece.length;
        at += piece.length;
        if (this.#filled === this.#payload.length) frames.push(...this.#endPayload());
      } else {
        frames.push(...this.#take(chunk[at++]!));
      }
    }
    return frames;
  }

  #take(byte: number): Frame[] {
    if (this.#mode === 'header') return this.#takeHeader(byte);
    if (byte === SOH) {
      this.#mode = 'header';
      this.#header = [byte];
    } else {
      this.skippedBytes++;
    }
    return [];
  }

  #takeHeader(byte: number): Frame[] {
    this.#header.push(byte);
    if (this.#header.length < headerBytes) return [];
    const header = Uint8Array.from(this.#header);
    const length = header[3]! | (header[4]! << 8) | (header[5]! << 16);
    const sound = crc16(header.subarray(0, 6)) === (header[6]! | (header[7]! << 8));
    if (!sound || length > maxPayloadBytes) {
      // The start byte was noise, or the header is damaged: a true start may lie in the seven bytes behind it.
      this.#mode = 'hunt';
      return [{ type: 'damaged' }, ...this.push(header.subarray(1))];
    }
    this.#mode = 'payload';
    this.#payload = new Uint8Array(length + trailerBytes);
    this.#filled = 0;
    return [];
  }

  #endPayload(): Frame[] {
    const payload = this.#payload.subarray(0, -trailerBytes);
    const trailer = new DataView(this.#payload.buffer, payload.length);
    if (trailer.getUint32(0, true) !== crc32(payload)) return this.#damaged();
    this.#mode = 'hunt';
    this.#payload = new Uint8Array(0);
    const [, kind, sequence] = this.#header;
    return [{ type: 'binary', kind: String.fromCharCode(kind!), sequence: sequence!, payload }];
  }

  #damaged(): Frame[] {
    this.#mode = 'hunt';
    this.#payload = new Uint8Array(0);
    return [{ type: 'damaged' }];
  }
}

/** The lines of a machine readable zone, or undefined when a character was not read or the shape is none. */
export function mrzLines(text: string): string[] | undefined {
  const lines = text.split(/[\r\n]+/).filter((line) => line !== '');
  const read = lines.every((line) => /^[A-Z0-9<]{30,44}$/.test(line));
  return read && (lines.length === 2 || lines.length === 3) ? lines : undefined;
}
