import { crc16 } from './crc16.ts';

/* The lines of docs/gate.md, section 2. */

/** `$` begins a command or its answer, `!` an event. */
export interface GateLine {
  readonly mark: '$' | '!';
  readonly sequence: number;
  readonly fields: readonly string[];
}

const maxLineBytes = 160;
const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A line with its CRC and line end, ready to send. */
export function encodeGateLine({ mark, sequence, fields }: GateLine): Uint8Array {
  const body = `${mark}${hex(sequence, 2)},${fields.join(',')}`;
  return ascii(`${body}*${hex(crc16(ascii(body)), 4)}\r\n`);
}

/** The line in a text without its line end; undefined when it is damaged or none. */
export function decodeGateLine(text: string): GateLine | undefined {
  const match = /^(([$!])([0-9A-F]{2}),([A-Za-z0-9 ._:/,-]*))\*([0-9A-F]{4})$/.exec(text);
  if (!match || crc16(ascii(match[1]!)) !== Number.parseInt(match[5]!, 16)) return undefined;
  return { mark: match[2] as '$' | '!', sequence: Number.parseInt(match[3]!, 16), fields: match[4]!.split(',') };
}

/** Finds lines in a stream that may be cut anywhere and hold anything. */
export class GateLineReader {
  damaged = 0;
  #text = '';
  #tooLong = false;

  push(chunk: Uint8Array): GateLine[] {
    const lines: GateLine[] = [];
    for (const byte of chunk) {
      if (byte !== 0x0a && byte !== 0x0d) {
        if (this.#text.length < maxLineBytes) this.#text += String.fromCharCode(byte);
        else this.#tooLong = true;
        continue;
      }
      // Noise ahead of a line's mark is no reason to lose the line.
      const line = this.#tooLong
        ? undefined
        : decodeGateLine(this.#text.slice(Math.max(0, this.#text.search(/[$!][0-9A-F]{2},[^$!]*$/))));
      if (line) lines.push(line);
      else if (this.#text !== '') this.damaged++;
      this.#text = '';
      this.#tooLong = false;
    }
    return lines;
  }
}
