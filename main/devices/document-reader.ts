import type { Device } from './open-device.ts';

/** What happens at the document reader. `retry` is not a fault: the traveller is told what would help. */
export type ReaderEvent =
  | { readonly type: 'placed' }
  | { readonly type: 'removed' }
  /** The lines of the machine readable zone as read, top first; neither decoded nor checked. */
  | { readonly type: 'lines'; readonly lines: string[] }
  /** The face image of the chip's data group 2, JPEG or JPEG 2000 (ICAO Doc 9303 part 10), not decoded. */
  | { readonly type: 'portrait'; readonly bytes: Uint8Array }
  /** A picture of the page, JPEG or JPEG 2000, not decoded; only of a document whose lines the reader did not read. */
  | { readonly type: 'page'; readonly bytes: Uint8Array }
  /** A picture, JPEG, of what lies before a camera: it may be no document, or one that is being moved. */
  | { readonly type: 'view'; readonly bytes: Uint8Array }
  | { readonly type: 'retry'; readonly reason: 'again' | 'turn' };

/** What a reader can give of a document. */
export const readerParts = ['lines', 'portrait', 'page'] as const;
export type ReaderPart = (typeof readerParts)[number];

/** A document reader of any make. */
export interface DocumentReader extends Device {
  /** What it gives of documents that have it. */
  readonly gives: readonly ReaderPart[];
  /**
   * Yields what happens until the signal fires or the caller stops listening; the reader is off in between. Fails with
   * `capture.cancelled`, `device.busy`, `device.protocol`, `device.timeout`, `device.absent` or `device.broken`.
   */
  read(options: { readonly signal: AbortSignal }): AsyncIterable<ReaderEvent>;
  close(): Promise<void>;
}
