import type { Clock } from '../../../main/devices/clock.ts';
import { decodePiece, encodePieces, readerReportId } from '../../../main/devices/hid-frames.ts';
import { DocumentReaderModel, type ReaderModelOptions } from './document-reader-model.ts';
import type { HidModel } from './sim-hid-bus.ts';

/** How the reader fills its reports. */
export interface HidReaderOptions extends ReaderModelOptions {
  /** Bytes of a report to the host, id included. */
  readonly reportBytes?: number;
  /** Of a plain reader: where the text begins in a report, and where its length stands. */
  readonly textAt?: number;
  readonly lengthAt?: number;
  /** From one report to the next, as the endpoint of a full-speed device is asked. */
  readonly intervalMs?: number;
}

/** A document reader on HID: the model of the serial one, its stream in reports (docs/document-reader.md, section 9). */
export class HidReaderModel implements HidModel {
  onInput: (report: Uint8Array) => void = () => {};
  /** What lies on the glass is moved there. */
  readonly reader: DocumentReaderModel;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #waiting: Uint8Array[] = [];
  #sending = false;
  #sequence = 0;

  constructor(options: HidReaderOptions) {
    const { clock, protocol = 'framed', reportBytes = 64, textAt = 1, lengthAt, intervalMs = 1 } = options;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.reader = new DocumentReaderModel(options);
    this.reader.onInput = (bytes) => {
      const plain = protocol === 'ocr';
      const reports = plain
        ? textReports(bytes, reportBytes, textAt, lengthAt)
        : encodePieces(readerReportId.toHost, bytes, this.#sequence, reportBytes);
      this.#sequence = (this.#sequence + reports.length) & 0xff;
      this.#waiting.push(...reports);
      if (!this.#sending) this.#send();
    };
  }

  /** The plug is pulled: what has not been sent is not sent later. */
  powerOff(): void {
    this.#waiting.length = 0;
    this.reader.powerOff();
  }

  #send(): void {
    const next = this.#waiting.shift();
    this.#sending = next !== undefined;
    if (!next) return;
    this.onInput(next);
    this.#clock.after(this.#intervalMs, () => this.#send());
  }

  output(report: Uint8Array): void {
    const piece = decodePiece(readerReportId.toDevice, report);
    if (piece) this.reader.receive(piece.payload);
  }

  getFeature(): Uint8Array | undefined {
    return undefined;
  }

  setFeature(): void {}
}

function textReports(bytes: Uint8Array, reportBytes: number, textAt: number, lengthAt: number | undefined) {
  const roomBytes = reportBytes - textAt;
  return Array.from({ length: Math.ceil(bytes.length / roomBytes) }, (_, index) => {
    const text = bytes.subarray(index * roomBytes, (index + 1) * roomBytes);
    // Where a length is told, what stands behind the text is left over from another report.
    const report = new Uint8Array(reportBytes).fill(lengthAt === undefined ? 0 : 0x58);
    // One that is declared: a kernel drops any other.
    report[0] = readerReportId.toHost;
    if (lengthAt !== undefined) report[lengthAt] = text.length;
    report.set(text, textAt);
    return report;
  });
}
