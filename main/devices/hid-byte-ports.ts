import { Fault } from '../contract/fault.ts';
import type { ByteInfo, BytePort } from './byte-port.ts';
import type { Clock } from './clock.ts';
import { Closing } from './closing.ts';
import { decodePiece, encodePieces, readerReportId } from './hid-frames.ts';
import type { HidPort } from './hid-port.ts';
import { Tolerance } from './tolerance.ts';

/** A HID device as a stream of bytes, for drivers that know no reports. */
abstract class HidBytePort implements BytePort {
  readonly info: ByteInfo;
  protected readonly hid: HidPort;
  readonly #closing = new Closing();

  constructor(hid: HidPort) {
    this.hid = hid;
    const { path, vendorId, productId, serial } = hid.info;
    this.info = { path, vendorId, productId, serial };
    hid.onClosed((why) => void this.#closing.close(why));
  }

  abstract write(bytes: Uint8Array): Promise<void>;
  abstract onBytes(hear: (chunk: Uint8Array) => void): () => void;

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  close(): Promise<void> {
    return this.end(new Fault('device.absent', 'closed'));
  }

  protected async end(why: Fault): Promise<void> {
    if (this.#closing.close(why)) await this.hid.close();
  }
}

/**
 * The frames of a document reader over HID reports (docs/document-reader.md, section 9). Bytes are handed on as they come;
 * where a report is missing the frame is broken off, and the next one begins anew. Keeps nothing.
 */
export class HidFramePort extends HidBytePort {
  readonly #tolerance: Tolerance;
  #sent = 0;

  constructor(hid: HidPort, clock: Clock) {
    super(hid);
    this.#tolerance = new Tolerance(clock, 1_024, 200);
  }

  /** `frame` is one whole frame. */
  async write(frame: Uint8Array): Promise<void> {
    for (const report of encodePieces(readerReportId.toDevice, frame, this.#sent)) {
      this.#sent = (this.#sent + 1) & 0xff;
      await this.hid.write(report);
    }
  }

  onBytes(hear: (chunk: Uint8Array) => void, broken: () => void = () => {}): () => void {
    let last: number | undefined;
    let inFrame = false;
    return this.hid.onReport((report) => {
      const piece = decodePiece(readerReportId.toHost, report);
      if (!piece || piece.sequence === last) return this.#blame();
      const inOrder = last === undefined || piece.sequence === ((last + 1) & 0xff);
      last = piece.sequence;
      if (inFrame && (!inOrder || piece.first)) {
        this.#blame();
        broken();
      }
      inFrame = piece.first || (inFrame && inOrder);
      if (!inFrame || piece.payload.length === 0) return this.#blame();
      inFrame = !piece.last;
      hear(piece.payload);
    });
  }

  #blame(): void {
    if (!this.#tolerance.spend()) void this.end(new Fault('device.protocol', 'the device floods'));
  }
}

/** Where the text stands in a report of a plain reader: the place of its first byte, and of a byte with its length. */
export interface TextPlace {
  /** 1 when not given: behind the report id. */
  readonly textAt?: number | undefined;
  readonly lengthAt?: number | undefined;
}

/** The text of a plain reader's HID reports, with the zeros that fill a report up: they are no text. */
export class HidTextPort extends HidBytePort {
  readonly #place: TextPlace;

  constructor(hid: HidPort, place: TextPlace) {
    super(hid);
    this.#place = place;
  }

  write(): Promise<void> {
    return Promise.reject(new Fault('device.protocol', 'a plain reader takes nothing'));
  }

  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    const { textAt = 1, lengthAt } = this.#place;
    return this.hid.onReport((report) => {
      const length = lengthAt === undefined ? report.length : (report[lengthAt] ?? 0);
      hear(report.slice(textAt, textAt + length));
    });
  }
}
