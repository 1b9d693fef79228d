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

/** Ridge directions as our own extended data holds them: 0 where there are no ridges, else 1 to 31 over half a turn, y down. */
export interface RecordedFlow {
  /** Of the raster of samples 24 pixels apart, where the part begins. */
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
  readonly levels: Uint8Array;
}

const flowType = 0x4c46;
const flowVersion = 1;
const levelBits = 5;

/** Pixels at 500 dpi between two samples of the ridge flow. */
export const flowSpacingPx = 24;
/** Steps of direction over half a turn. */
export const flowLevels = 31;

/** The extended data block (clause 7.5) that carries a ridge flow. */
export function packFlow(flow: RecordedFlow): Uint8Array {
  const size = 6 + ((flow.levels.length * levelBits + 7) >> 3);
  const bytes = new Uint8Array(4 + size);
  bytes.set([flowType >> 8, flowType & 255, size >> 8, size & 255]);
  bytes.set([flowVersion, flowSpacingPx, flow.column, flow.row, flow.columns, flow.rows], 4);
  let pending = 0;
  let bits = 0;
  let at = 10;
  for (const level of flow.levels) {
    pending = ((pending << levelBits) | level) & 0xfff;
    bits += levelBits;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = pending >> bits;
  }
  if (bits > 0) bytes[at] = pending << (8 - bits);
  return bytes;
}

/** Reads back what `writeRecord` or the addon wrote (one view); throws nothing and checks nothing: for sound records only. */
export function readRecord(bytes: Uint8Array): RecordFields & { readonly flow?: RecordedFlow } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const minutiae = Array.from({ length: view.readUInt8(27) }, (_, i) => {
    const at = 28 + 6 * i;
    const kindAndX = view.readUInt16BE(at);
    return {
      kind: (kindAndX >> 14) as 0 | 1 | 2,
      x: kindAndX & 0x3fff,
      y: view.readUInt16BE(at + 2),
      angle: view.readUInt8(at + 4),
      quality: view.readUInt8(at + 5),
    };
  });
  const extended = bytes.subarray(30 + 6 * minutiae.length);
  return {
    widthPx: view.readUInt16BE(14),
    heightPx: view.readUInt16BE(16),
    xResolution: view.readUInt16BE(18),
    yResolution: view.readUInt16BE(20),
    position: view.readUInt8(24),
    quality: view.readUInt8(26),
    minutiae,
    extended,
    ...(extended.length > 10 && ((extended[0]! << 8) | extended[1]!) === flowType
      ? { flow: unpackFlow(extended) }
      : {}),
  };
}

function unpackFlow(extended: Uint8Array): RecordedFlow {
  const [column = 0, row = 0, columns = 0, rows = 0] = extended.subarray(6, 10);
  const levels = new Uint8Array(columns * rows);
  for (let i = 0; i < levels.length; i++) {
    const bit = i * levelBits;
    const pair = ((extended[10 + (bit >> 3)] ?? 0) << 8) | (extended[11 + (bit >> 3)] ?? 0);
    levels[i] = (pair >> (11 - (bit & 7))) & flowLevels;
  }
  return { column, row, columns, rows, levels };
}
