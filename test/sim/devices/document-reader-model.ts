import { crc32 } from 'node:zlib';
import type { Clock } from '../../../main/devices/clock.ts';
import { encodeFrame, FrameReader } from '../../../main/devices/document-frames.ts';

/** A document as it lies on the reader: its zone as printed, the chip's portrait where it has one, a picture of its page. */
export interface PlacedDocument {
  readonly lines: readonly string[];
  readonly portrait?: Uint8Array;
  readonly page?: Uint8Array;
}

/** What the modelled reader is; times in milliseconds. */
export interface ReaderModelOptions {
  readonly clock: Clock;
  /** `ocr` knows text frames only and takes no commands. */
  readonly protocol?: 'framed' | 'ocr';
  readonly lrc?: boolean;
  /** STX and ETX around the document, around each line, or nowhere. */
  readonly frames?: 'document' | 'line' | 'none';
  /** What ends the lines of a text frame. */
  readonly separator?: '' | '\r' | '\n' | '\r\n';
  /** Printable or not, before and after the whole. */
  readonly prefix?: string;
  readonly suffix?: string;
  readonly lowerCase?: boolean;
  /** The eighth bit of every byte. */
  readonly parity?: 'none' | 'even' | 'odd';
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  readonly major?: number;
  /** `lines`, `portrait`, `page`, parted by blanks: what a reader of version 1.1 gives. Without it the reader is of version 1.0. */
  readonly gives?: string;
  /** From placed to lines, and from lines to portrait. */
  readonly opticalMs?: number;
  readonly chipMs?: number;
}

/** The reader's side of docs/document-reader.md: bytes in, bytes out, and a hand that places documents. */
export class DocumentReaderModel {
  onInput: (bytes: Uint8Array) => void = () => {};
  readonly #options: Required<Omit<ReaderModelOptions, 'gives'>>;
  readonly #gives: string | undefined;
  readonly #frames = new FrameReader();
  #enabled = false;
  #sequence = 0;
  #number = 0;
  #document: PlacedDocument | undefined;
  #parts = 0;
  #deafUntilMs = 0;
  #cancelReading: () => void = () => {};

  constructor(options: ReaderModelOptions) {
    this.#gives = options.gives;
    this.#options = {
      protocol: 'framed',
      lrc: false,
      frames: 'document',
      separator: '\r',
      prefix: '',
      suffix: '',
      lowerCase: false,
      parity: 'none',
      model: 'Reference reader',
      serial: 'DR-0001',
      firmware: '1.0.0',
      major: 1,
      opticalMs: 400,
      chipMs: 1_500,
      ...options,
    };
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /** A document is laid on the glass, or swiped: a swipe that was too short gives fewer lines. */
  place(document: PlacedDocument): void {
    if (this.#document) this.remove();
    this.#document = document;
    this.#number = (this.#number + 1) & 0xffff;
    if (this.#options.protocol === 'ocr') for (const bytes of this.#texts(document)) this.#send(bytes);
    else if (this.#enabled) this.#begin();
  }

  remove(): void {
    if (!this.#document) return;
    this.#document = undefined;
    this.#parts = 0;
    this.#cancelReading();
    if (this.#enabled) this.#tell('R');
  }

  /** 1 again, 2 turn. */
  retry(code: number): void {
    if (this.#enabled && this.#document) this.#tell('T', this.#numbered(Uint8Array.of(code)));
  }

  error(code: number): void {
    this.#tell('X', Uint8Array.of(code));
  }

  sleep(delayMs: number): void {
    this.#deafUntilMs = this.#options.clock.nowMs() + delayMs;
  }

  /** The plug is pulled: it is off when it comes back, whatever lies on it. */
  powerOff(): void {
    this.#enabled = false;
    this.#parts = 0;
    this.#sequence = 0;
    this.#cancelReading();
  }

  receive(bytes: Uint8Array): void {
    if (this.#deaf || this.#options.protocol === 'ocr') return;
    for (const frame of this.#frames.push(bytes)) {
      if (frame.type === 'binary') this.#obey(frame.kind, frame.sequence, frame.payload);
    }
  }

  #obey(kind: string, sequence: number, payload: Uint8Array): void {
    const answer = (body = ''): void => this.#tell('A', Buffer.from([sequence, ...Buffer.from(body, 'latin1')]));
    const { major, model, serial, firmware } = this.#options;
    if (kind === 'i') {
      const gives = this.#gives === undefined ? [] : [this.#gives];
      answer(`${String.fromCharCode(major, gives.length)}${[model, serial, firmware, ...gives].join('\u001f')}`);
    } else if (kind === 'g' && this.#has('page')) this.#tell('A', this.#fragment(sequence, payload));
    else if (kind === 'e') {
      answer();
      this.#enabled = true;
      if (this.#document) this.#begin();
    } else if (kind === 'd') {
      this.#enabled = false;
      this.#cancelReading();
      answer();
    } else if (kind === 's') {
      answer();
      if (this.#enabled) this.#sayAgain(payload[0] ?? 0);
    } else this.#tell('N', Uint8Array.of(sequence, 1));
  }

  #begin(): void {
    const { clock, opticalMs, chipMs } = this.#options;
    this.#cancelReading();
    this.#parts = 0;
    this.#tell('P', this.#numbered());
    this.#cancelReading = clock.after(opticalMs, () => {
      this.#parts |= this.#whole & 5;
      this.#sendParts(1);
      if (!(this.#whole & 2)) return this.#done();
      this.#cancelReading = clock.after(chipMs, () => {
        this.#parts |= 2;
        this.#sendParts(2);
        this.#done();
      });
    });
  }

  /** Where it lies, what was asked for as far as it has been read, and, when all has been read, that this was all. */
  #sayAgain(parts: number): void {
    const document = this.#document;
    if (!document) return this.#tell('R');
    this.#tell('P', this.#numbered());
    this.#sendParts(parts & this.#parts);
    if (this.#parts === this.#whole) this.#done();
  }

  #sendParts(parts: number): void {
    const document = this.#document;
    if (!document) return;
    if (parts & this.#parts & 1) this.#tell('M', this.#numbered(Buffer.from(document.lines.join('\r'), 'latin1')));
    if (parts & 2 && document.portrait) this.#tell('F', this.#numbered(document.portrait));
  }

  #done(): void {
    const offer = Buffer.alloc(this.#parts & 4 ? 8 : 0);
    const page = this.#document?.page;
    if (page && offer.length > 0) {
      offer.writeUInt32LE(page.length, 0);
      offer.writeUInt32LE(crc32(page), 4);
    }
    this.#tell('D', this.#numbered(Uint8Array.of(this.#parts, ...offer)));
  }

  #has(part: string): boolean {
    return (this.#gives ?? 'lines portrait').split(' ').includes(part);
  }

  /** All that the document gives on this reader: bit 0 lines, bit 1 portrait, bit 2 page. */
  get #whole(): number {
    const { lines = [], portrait, page } = this.#document ?? {};
    return (
      (lines.length > 0 && this.#has('lines') ? 1 : 0) |
      (portrait && this.#has('portrait') ? 2 : 0) |
      (page && this.#has('page') ? 4 : 0)
    );
  }

  /** What was asked for of the page; nothing behind the numbers when that document is not there. */
  #fragment(sequence: number, request: Uint8Array): Uint8Array {
    const [document = 0, documentHigh = 0, index = 0, indexHigh = 0] = request;
    const at = (index | (indexHigh << 8)) * 4096;
    const here = this.#enabled && (document | (documentHigh << 8)) === this.#number && this.#parts & 4;
    const bytes = here ? (this.#document?.page?.subarray(at, at + 4096) ?? []) : [];
    return Buffer.from([sequence, document, documentHigh, index, indexHigh, ...bytes]);
  }

  #numbered(body: Uint8Array = new Uint8Array(0)): Uint8Array {
    return Buffer.from([this.#number & 0xff, this.#number >> 8, ...body]);
  }

  /** What a plain reader sends of a document, a piece for each frame. */
  #texts({ lines }: PlacedDocument): Uint8Array[] {
    const { frames, separator, lrc, prefix, suffix, lowerCase, parity } = this.#options;
    const written = lines.map((line) => (lowerCase ? line.toLowerCase() : line) + separator);
    const framed = (text: string): Buffer => {
      if (frames === 'none') return Buffer.from(text, 'latin1');
      const body = Buffer.from(`${text}\u0003`, 'latin1');
      return Buffer.from([0x02, ...body, ...(lrc ? [body.reduce((sum, byte) => sum ^ byte, 0)] : [])]);
    };
    const texts = frames === 'line' ? written : [prefix + written.join('') + suffix];
    return texts.map((text) => framed(text).map((byte) => withParity(byte, parity)));
  }

  #tell(kind: string, payload: Uint8Array = new Uint8Array(0)): void {
    this.#send(encodeFrame(kind, this.#sequence, payload));
    this.#sequence = (this.#sequence + 1) & 0xff;
  }

  #send(bytes: Uint8Array): void {
    if (!this.#deaf) this.onInput(bytes);
  }

  get #deaf(): boolean {
    return this.#options.clock.nowMs() < this.#deafUntilMs;
  }
}

function withParity(byte: number, parity: 'none' | 'even' | 'odd'): number {
  const odd = byte.toString(2).replaceAll('0', '').length % 2;
  return parity === 'none' || odd === (parity === 'odd' ? 1 : 0) ? byte : byte | 0x80;
}
