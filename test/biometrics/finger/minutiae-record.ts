/** A minutia as a record holds it: whole numbers, the angle in 256ths of a turn, anticlockwise. */
export interface RecordedMinutia {
  readonly kind: 0 | 1 | 2;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly quality: number;
}

/** The fields of a record of one view. Resolutions in pixels per centimetre. */
export interface RecordFields {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly xResolution: number;
  readonly yResolution: number;
  readonly position: number;
  readonly quality: number;
  readonly minutiae: readonly RecordedMinutia[];
  /** The extended data block, without its length. */
  readonly extended: Uint8Array;
}

/** Writes a finger minutiae record (ISO/IEC 19794-2:2005 clause 7), apart from the addon's own writer. */
export function writeRecord(fields: RecordFields): Uint8Array {
  const length = 24 + 4 + 6 * fields.minutiae.length + 2 + fields.extended.length;
  const bytes = Buffer.alloc(length);
  bytes.write('FMR\0 20\0', 'latin1');
  bytes.writeUInt32BE(length, 8);
  bytes.writeUInt16BE(fields.widthPx, 14);
  bytes.writeUInt16BE(fields.heightPx, 16);
  bytes.writeUInt16BE(fields.xResolution, 18);
  bytes.writeUInt16BE(fields.yResolution, 20);
  bytes.writeUInt8(1, 22);
  bytes.writeUInt8(fields.position, 24);
  bytes.writeUInt8(fields.quality, 26);
  bytes.writeUInt8(fields.minutiae.length, 27);
  let at = 28;
  for (const minutia of fields.minutiae) {
    bytes.writeUInt16BE((minutia.kind << 14) | minutia.x, at);
    bytes.writeUInt16BE(minutia.y, at + 2);
    bytes.writeUInt8(minutia.angle, at + 4);
    bytes.writeUInt8(minutia.quality, at + 5);
    at += 6;
  }
  bytes.writeUInt16BE(fields.extended.length, at);
  bytes.set(fields.extended, at + 2);
  return new Uint8Array(bytes);
}
