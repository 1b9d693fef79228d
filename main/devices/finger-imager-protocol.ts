import { Fault } from '../contract/fault.ts';
import type { FingerHint, SlapKind } from '../contract/biometrics.ts';
import type { DeviceInfo } from './open-device.ts';
import { crc16 } from './crc16.ts';

/* The names and byte layouts of docs/hid-finger-imager.md, host side. All numbers are little-endian. */

/** The HID usage that a finger imager declares; its identity report confirms it. */
export const imagerUsage = { usagePage: 0xff46, usage: 0x0001 } as const;
/** The version that is spoken (section 9). */
export const protocolMajor = 1;
/** Bytes of every report but a fragment, id included (section 3). */
export const controlReportBytes = 64;
/** What a fragment report holds besides payload (section 7.2). */
export const fragmentOverheadBytes = 10;

/** Section 3. */
export const reportId = {
  identity: 0x01,
  capabilities: 0x02,
  settings: 0x03,
  condition: 0x04,
  command: 0x10,
  message: 0x20,
  fragment: 0x21,
} as const;
/** Section 5. */
export const command = {
  resync: 0x01,
  status: 0x02,
  scan: 0x03,
  stop: 0x04,
  fetch: 0x05,
  selfTest: 0x06,
  /** Of minor version 1. */
  capture: 0x07,
} as const;
/** What a SCAN of minor version 1 may ask for beside its finger (section 5). */
export const scanFlag = { onCommand: 0x01, previews: 0x02 } as const;
/** Section 6.3; previews are of minor version 1. */
export const event = { finger: 0x01, retry: 0x02, image: 0x03, error: 0x04, preview: 0x05 } as const;
/** What a SCAN asks for in place of a finger where the device takes slaps (docs/usb-slap-imager.md, section 4). */
export const slapCodes = { 'right-four': 13, 'left-four': 14, thumbs: 15 } as const satisfies Record<SlapKind, number>;
/** Added to a command's code in the answer to it (section 6). */
export const answered = 0x80;
/** Section 6.1. */
export const status = {
  ok: 0,
  unknownCommand: 1,
  badPayload: 2,
  busy: 3,
  wrongState: 4,
  unknownImage: 5,
  broken: 6,
} as const;
/** Section 6.2. */
export const state = { idle: 0, scanning: 1, holding: 2, testing: 3, broken: 4 } as const;

/** What each retry code asks of the traveller; a code of a later minor version asks to place the finger again. */
export const retryHints: Readonly<Record<number, FingerHint>> = {
  1: 'hold',
  2: 'press-harder',
  3: 'press-lighter',
  4: 'centre',
  5: 'clean',
  6: 'lift',
};

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Writes the CRC-16 of all but the last two bytes into the last two. */
export function seal(report: Uint8Array): Uint8Array {
  view(report).setUint16(report.length - 2, crc16(report.subarray(0, -2)), true);
  return report;
}

/** The first `lengthBytes` of a report when they are there and their CRC fits; undefined else. */
export function unseal(report: Uint8Array, lengthBytes: number): DataView | undefined {
  if (report.length < lengthBytes) return undefined;
  const whole = view(report.subarray(0, lengthBytes));
  return whole.getUint16(lengthBytes - 2, true) === crc16(report.subarray(0, lengthBytes - 2)) ? whole : undefined;
}

/** A feature report whose id and CRC fit; anything else is `device.protocol`. */
export function feature(report: Uint8Array, id: number): DataView {
  const fields = unseal(report, controlReportBytes);
  if (fields?.getUint8(0) !== id) throw new Fault('device.protocol', `feature report ${id} is damaged`);
  return fields;
}

function text(fields: DataView, offset: number, lengthBytes: number): string {
  const bytes = new Uint8Array(fields.buffer, fields.byteOffset + offset, lengthBytes);
  const end = bytes.indexOf(0);
  const value = String.fromCharCode(...bytes.subarray(0, end < 0 ? lengthBytes : end));
  if (!/^[ -~]*$/.test(value)) throw new Fault('device.protocol', 'a name that is not printable');
  return value;
}

/** Section 4.1: who it is, and the minor version it speaks. */
export interface ImagerIdentity extends DeviceInfo {
  readonly minor: number;
}

/** Section 4.1. Another magic or major version is refused with `device.protocol`. */
export function decodeIdentity(report: Uint8Array): ImagerIdentity {
  const fields = feature(report, reportId.identity);
  if (text(fields, 1, 4) !== 'HFIP') throw new Fault('device.protocol', 'not a finger imager');
  const major = fields.getUint8(5);
  if (major !== protocolMajor) throw new Fault('device.protocol', `protocol version ${major} is not spoken`);
  return {
    model: text(fields, 8, 24),
    serial: text(fields, 32, 16),
    firmware: text(fields, 48, 14),
    protocol: `hfip/${major}.${fields.getUint8(6)}`,
    minor: fields.getUint8(6),
  };
}

/** Section 5: a SCAN's payload. Flags are sent only where there are any, for a device of minor version 0 knows none. */
export function scanPayload(position: number, flags: number): Uint8Array {
  return flags === 0 ? Uint8Array.of(position) : Uint8Array.of(position, flags);
}

/** docs/usb-slap-imager.md, section 4: a SCAN's payload for a slap; a bit of `missing` for each finger from the left. */
export function slapScanPayload(kind: SlapKind, flags: number, missing: number): Uint8Array {
  return Uint8Array.of(slapCodes[kind], flags, missing);
}

/** Section 5: a command report. The payload is 58 bytes at most. */
export function encodeCommand(code: number, transaction: number, payload: Uint8Array): Uint8Array {
  const report = new Uint8Array(controlReportBytes);
  report.set([reportId.command, code, transaction, payload.length]);
  report.set(payload, 4);
  return seal(report);
}

/** Section 6: an event (`kind` below 0x80) or the answer to a command (0x80 + its code). */
export interface Message {
  readonly kind: number;
  readonly transaction: number;
  readonly sequence: number;
  readonly status: number;
  readonly payload: DataView;
}

/** The message in a report, or undefined when it is damaged. */
export function decodeMessage(report: Uint8Array): Message | undefined {
  const fields = unseal(report, controlReportBytes);
  const length = fields?.getUint8(5) ?? 255;
  if (!fields || length > controlReportBytes - 8) return undefined;
  return {
    kind: fields.getUint8(1),
    transaction: fields.getUint8(2),
    sequence: fields.getUint8(3),
    status: fields.getUint8(4),
    payload: new DataView(fields.buffer, fields.byteOffset + 6, length),
  };
}

/** Section 7.1: what an image is before its bytes come. `bytes` are the 16 that its CRC-32 also covers. */
export interface ImageHeader {
  readonly bytes: Uint8Array;
  readonly image: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
  readonly fragments: number;
  readonly crc32: number;
}

/** What an announced image must keep to: greatest sides in pixels, and its dpi where that is fixed. */
export interface ImageBounds {
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
  /** What an image has; with `lowerDpi`, as previews have, anything from 1 to this. */
  readonly dpi: number;
  readonly fragmentReportBytes: number;
  readonly lowerDpi?: true;
}

/** Checks an announced image against what the device said it can do; anything else is `device.protocol`. */
export function decodeImageHeader(payload: DataView, offset: number, can: ImageBounds): ImageHeader {
  if (payload.byteLength < offset + 20) throw new Fault('device.protocol', 'image header cut short');
  const u16 = (at: number): number => payload.getUint16(offset + at, true);
  const [image, widthPx, heightPx, dpi, encoding, fragments] = [u16(0), u16(2), u16(4), u16(6), u16(8), u16(10)];
  const lengthBytes = payload.getUint32(offset + 12, true);
  const fits =
    widthPx >= 16 &&
    heightPx >= 16 &&
    widthPx <= can.maxWidthPx &&
    heightPx <= can.maxHeightPx &&
    (can.lowerDpi ? dpi >= 1 && dpi <= can.dpi : dpi === can.dpi) &&
    encoding === 0 &&
    lengthBytes === widthPx * heightPx &&
    fragments === Math.ceil(lengthBytes / (can.fragmentReportBytes - fragmentOverheadBytes));
  if (!fits) throw new Fault('device.protocol', 'image header does not fit the capabilities');
  const bytes = new Uint8Array(payload.buffer, payload.byteOffset + offset, 16).slice();
  return { bytes, image, widthPx, heightPx, dpi, fragments, crc32: payload.getUint32(offset + 16, true) };
}

/** Section 7.2: one piece of an image. */
export interface Fragment {
  readonly transaction: number;
  readonly image: number;
  readonly index: number;
  readonly payload: Uint8Array;
}

/** The fragment in a report, or undefined when it is damaged or says more than it holds. */
export function decodeFragment(report: Uint8Array, fragmentReportBytes: number): Fragment | undefined {
  const fields = unseal(report, fragmentReportBytes);
  const length = fields?.getUint16(6, true) ?? Infinity;
  if (!fields || length > fragmentReportBytes - fragmentOverheadBytes) return undefined;
  return {
    transaction: fields.getUint8(1),
    image: fields.getUint16(2, true),
    index: fields.getUint16(4, true),
    payload: report.subarray(8, 8 + length),
  };
}
