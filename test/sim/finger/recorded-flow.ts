import type { RecordFields } from './minutiae-record.ts';

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
    ...flowIn(extended),
  };
}

/** The ridge flow among the areas of extended data, of which others may come first. */
function flowIn(extended: Uint8Array): { readonly flow?: RecordedFlow } {
  const view = new DataView(extended.buffer, extended.byteOffset, extended.byteLength);
  for (let at = 0; at + 4 <= extended.length; at += 4 + view.getUint16(at + 2))
    if (view.getUint16(at) === flowType) return { flow: unpackFlow(extended.subarray(at)) };
  return {};
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
