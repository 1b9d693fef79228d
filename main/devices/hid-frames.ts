import { crc16 } from './crc16.ts';

/* Frames in HID reports: docs/document-reader.md, section 9. */

/** The HID usage that a document reader declares; its answer to `i` confirms it. */
export const readerUsage = { usagePage: 0xff46, usage: 0x0002 } as const;
/** Report ids. */
export const readerReportId = { toDevice: 0x30, toHost: 0x31 } as const;
/** Bytes of a report to the device, id included. A report to the host may have up to 1024. */
export const readerReportBytes = 64;

const headBytes = 5;
const crcBytes = 2;
const flag = { first: 1, last: 2 } as const;

/** One report's part of a frame. */
export interface Piece {
  readonly sequence: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly payload: Uint8Array;
}

/** A frame in reports, the first of which has the given sequence. */
export function encodePieces(
  reportId: number,
  frame: Uint8Array,
  firstSequence: number,
  reportBytes: number = readerReportBytes,
): Uint8Array[] {
  const roomBytes = reportBytes - headBytes - crcBytes;
  const count = Math.max(1, Math.ceil(frame.length / roomBytes));
  return Array.from({ length: count }, (_, index) => {
    const payload = frame.subarray(index * roomBytes, (index + 1) * roomBytes);
    const report = new Uint8Array(reportBytes);
    const flags = (index === 0 ? flag.first : 0) | (index === count - 1 ? flag.last : 0);
    report.set([reportId, (firstSequence + index) & 0xff, flags, payload.length & 0xff, payload.length >> 8]);
    report.set(payload, headBytes);
    const end = headBytes + payload.length;
    new DataView(report.buffer).setUint16(end, crc16(report.subarray(0, end)), true);
    return report;
  });
}

/** The part of a frame in a report, or undefined when it is damaged or none. */
export function decodePiece(reportId: number, report: Uint8Array): Piece | undefined {
  if (report.length < headBytes + crcBytes || report[0] !== reportId) return undefined;
  const end = headBytes + (report[3]! | (report[4]! << 8));
  if (end + crcBytes > report.length) return undefined;
  if (crc16(report.subarray(0, end)) !== (report[end]! | (report[end + 1]! << 8))) return undefined;
  const flags = report[2]!;
  return {
    sequence: report[1]!,
    first: (flags & flag.first) !== 0,
    last: (flags & flag.last) !== 0,
    payload: report.slice(headBytes, end),
  };
}
