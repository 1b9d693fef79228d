/* The text frames of plain readers: docs/document-reader.md, section 2. */

const NUL = 0x00;
const STX = 0x02;
const ETX = 0x03;
const LF = 0x0a;
const CR = 0x0d;
/** A line of 44 with a prefix and a suffix of 8 each, and room for what was read twice. */
const maxLineBytes = 96;
/** Fewer characters than this between two quiet moments are noise of the cable, no document. */
const leastDocumentBytes = 20;
/** Lines of a document by their length: TD1, TD2 and MRV-B, TD3 and MRV-A (ICAO Doc 9303 parts 4 to 7). */
const linesOf: Readonly<Record<number, number>> = { 30: 3, 36: 2, 44: 2 };

/** What a technician may say of a plain reader; whatever is left out is found by trial. */
export interface TextOptions {
  /** `true`: a frame without a fitting check byte is refused; `false`: none is looked for. */
  readonly lrc?: boolean | undefined;
  /** Printable characters before and after the zone or each of its lines. */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

/** Why a document came to nothing: a line is missing, a character was not read, a check failed. */
export type TextTrouble = 'partial' | 'unread' | 'tooLong' | 'lrc' | 'parity';

/** What a stream of text turns out to hold: a whole zone, top line first, or a document to be asked for again. */
export type TextNews =
  { readonly type: 'lines'; readonly lines: string[] } | { readonly type: 'damaged'; readonly why: TextTrouble };

/** How a reader was found to send: for the technician. */
interface Heard {
  readonly marks: Set<string>;
  documents: number;
}

/**
 * Finds zones in a stream of text that may be cut anywhere and hold anything: framed by STX and ETX or by line ends, one
 * frame a document or one a line, with a check byte or none, in capitals or not, with 7 bits and a parity bit or 8. Two or
 * three lines are joined by their length. Keeps one line and three at most, whatever comes.
 */
export class TextFrameReader {
  readonly #options: TextOptions;
  readonly #heard: Heard = { marks: new Set(), documents: 0 };
  #line = '';
  #tooLong = false;
  #lines: string[] = [];
  #framed = false;
  /** The byte after ETX may be a check of what came before it. */
  #checking = false;
  /** The XOR of all bytes after STX up to ETX. */
  #sum = 0;
  /** Since the last quiet moment: bytes, whether trouble was told, and the parity of all bytes. */
  #bytes = 0;
  #spoilt = false;
  #high = false;
  #even = true;
  #odd = true;
  #marks = new Set<string>();

  constructor(options: TextOptions = {}) {
    this.#options = options;
  }

  /** Whether anything is kept that a quiet moment should end. */
  get midway(): boolean {
    return this.#bytes > 0 || this.#checking;
  }

  push(chunk: Uint8Array): TextNews[] {
    const news: TextNews[] = [];
    for (const byte of chunk) news.push(...this.#take(byte));
    return news;
  }

  /** A quiet moment: whatever was complete without its end counts, the rest was a document cut short, or noise. */
  rest(): TextNews[] {
    const news = this.#endLine();
    if (this.#whole) news.push(...(this.#options.lrc ? this.#spoil('lrc') : this.#complete()));
    else if (this.#lines.length > 0) news.push(...this.#spoil('partial'));
    else if (this.#bytes >= leastDocumentBytes) news.push(...this.#spoil('unread'));
    this.#forget();
    return news;
  }

  /** How the reader was found to send, in a line for the technician. */
  describe(): string {
    const { documents, marks } = this.#heard;
    if (documents === 0) return 'nothing whole has been read yet: read a document, then test again';
    return `${documents} read: ${[...marks].toSorted().join(', ')}`.slice(0, 200);
  }

  #take(raw: number): TextNews[] {
    const byte = raw & 0x7f;
    this.#weigh(raw);
    if (this.#checking) {
      this.#checking = false;
      if (this.#options.lrc !== false && byte === this.#sum) {
        this.#heard.marks.add('LRC');
        return this.#settle();
      }
      if (this.#options.lrc) return [...this.#spoil('lrc'), ...this.#takePlain(byte)];
    }
    return this.#takePlain(byte);
  }

  #takePlain(byte: number): TextNews[] {
    if (byte === NUL) return [];
    if (byte === STX) {
      // What stood before a start byte is noise, or a line that lost its end.
      const news = this.#endLine();
      this.#framed = true;
      this.#sum = 0;
      this.#marks.add('STX');
      return news;
    }
    if (this.#framed) this.#sum ^= byte;
    if (byte === ETX) {
      const news = this.#endLine();
      this.#marks.add('ETX');
      this.#checking = this.#framed || this.#options.lrc === true;
      return this.#options.lrc ? news : [...news, ...this.#settle()];
    }
    if (byte < 0x20 || byte === 0x7f) {
      if (byte === CR || byte === LF) this.#marks.add(byte === CR ? 'CR' : 'LF');
      const news = this.#endLine();
      return this.#framed || this.#options.lrc ? news : [...news, ...this.#settle()];
    }
    if (this.#line.length < maxLineBytes) this.#line += String.fromCharCode(byte);
    else this.#tooLong = true;
    return [];
  }

  /** A whole zone is handed on, once its frame has ended. */
  #settle(): TextNews[] {
    this.#framed = false;
    return this.#whole ? this.#complete() : [];
  }

  get #whole(): boolean {
    const [first] = this.#lines;
    return first !== undefined && this.#lines.length === linesOf[first.length];
  }

  #endLine(): TextNews[] {
    const [text, tooLong] = [this.#line, this.#tooLong];
    this.#line = '';
    this.#tooLong = false;
    if (this.#spoilt || text === '') return [];
    if (tooLong) return this.#spoil('tooLong');
    const line = this.#lineIn(text);
    if (line === undefined) return text.length < leastDocumentBytes ? [] : this.#spoil('unread');
    // No two lines of a zone are the same: this one was sent, or read, twice.
    if (line === this.#lines.at(-1)) return [];
    if (this.#lines.length > 0 && (this.#whole || line.length !== this.#lines[0]!.length)) return this.#spoil('unread');
    this.#lines.push(line);
    return [];
  }

  /** The line of a zone in a text; what the technician named is taken off only where the length asks for it. */
  #lineIn(text: string): string | undefined {
    const { prefix = '', suffix = '' } = this.#options;
    const bare = text.startsWith(prefix) ? text.slice(prefix.length) : text;
    const ends = (one: string): string => (suffix !== '' && one.endsWith(suffix) ? one.slice(0, -suffix.length) : one);
    for (const one of [text, bare, ends(text), ends(bare)]) {
      if (!(one.length in linesOf)) continue;
      const line = one.toUpperCase();
      if (!/^[A-Z0-9<]+$/.test(line)) continue;
      if (line !== one) this.#marks.add('lower case');
      return line;
    }
    return undefined;
  }

  #complete(): TextNews[] {
    if (this.#high && !this.#even && !this.#odd) return this.#spoil('parity');
    if (this.#high) this.#marks.add(this.#even ? 'even parity' : 'odd parity');
    const lines = this.#lines;
    this.#marks.add(`${lines.length} lines of ${lines[0]!.length}`);
    this.#heard.documents++;
    for (const mark of this.#marks) this.#heard.marks.add(mark);
    const checking = this.#checking;
    const sum = this.#sum;
    this.#forget();
    // Only the byte after ETX is still owed to what has just been read.
    this.#checking = checking;
    this.#sum = sum;
    return [{ type: 'lines', lines }];
  }

  /** Told once a document; what else comes of it is dropped until all is quiet. */
  #spoil(why: TextTrouble): TextNews[] {
    this.#lines = [];
    if (this.#spoilt) return [];
    this.#spoilt = true;
    return [{ type: 'damaged', why }];
  }

  #weigh(raw: number): void {
    if (raw === NUL) return;
    this.#bytes++;
    if (raw >= 0x80) this.#high = true;
    let ones = 0;
    for (let bits = raw; bits !== 0; bits &= bits - 1) ones++;
    if (ones % 2 === 0) this.#odd = false;
    else this.#even = false;
  }

  #forget(): void {
    this.#line = '';
    this.#tooLong = false;
    this.#lines = [];
    this.#framed = false;
    this.#checking = false;
    this.#bytes = 0;
    this.#spoilt = false;
    this.#high = false;
    this.#even = true;
    this.#odd = true;
    this.#marks = new Set();
  }
}
