import { Fault } from '../contract/fault.ts';

/** What an encoded image says of itself before it is decoded. */
export interface ImageHeader {
  readonly format: 'jpeg' | 'jpeg2000';
  readonly widthPx: number;
  readonly heightPx: number;
  readonly components: number;
  /** Components are luma and two colour differences that the decoder leaves as they are. */
  readonly lumaChroma: boolean;
  /** Where the codestream begins; a JP2 file wraps it in boxes. */
  readonly codestream: number;
}

const minSidePx = 16;
/** The longest side of a portrait or a camera's frame. */
export const portraitSidePx = 2048;
const maxTiles = 256;

/**
 * Reads the header of a JPEG (ISO/IEC 10918-1, 8 bits, 1 or 3 components) or a JPEG 2000 image (ISO/IEC 15444-1
 * codestream or JP2 file, up to 8 bits, 1, 3 or 4 components, no palette) and refuses sides outside 16 to `maxSidePx` pixels.
 * Fault: `image.malformed`.
 */
export function readImageHeader(bytes: Uint8Array, maxSidePx = portraitSidePx): ImageHeader {
  const checkSize = (header: ImageHeader) => checkSides(header, maxSidePx);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint16(0) === 0xffd8) return checkSize(readJpegHeader(view));
    if (view.getUint32(0) === 0xff4fff51) return checkSize(readCodestreamHeader(view, 0, false));
    if (view.getUint32(0) === 12 && view.getUint32(4) === box('jP  ')) return checkSize(readJp2Header(view));
  } catch (error) {
    throw Fault.from(error instanceof RangeError ? new Fault('image.malformed', 'header cut short') : error);
  }
  throw new Fault('image.malformed', 'neither JPEG nor JPEG 2000');
}

function checkSides(header: ImageHeader, maxSidePx: number): ImageHeader {
  for (const side of [header.widthPx, header.heightPx]) {
    if (side < minSidePx || side > maxSidePx) throw new Fault('image.malformed', `a side of ${side} pixels`);
  }
  return header;
}

function readJpegHeader(view: DataView): ImageHeader {
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) throw new Fault('image.malformed', 'no marker');
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2 || marker === 0xd9 || marker === 0xda) throw new Fault('image.malformed', 'no frame header');
    if (marker >= 0xc0 && marker <= 0xc2) return readFrameHeader(view, at + 4);
    if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xcc) {
      throw new Fault('image.malformed', 'a JPEG process that is not supported');
    }
    at += 2 + length;
  }
}

function readFrameHeader(view: DataView, at: number): ImageHeader {
  const components = view.getUint8(at + 5);
  if (view.getUint8(at) !== 8 || (components !== 1 && components !== 3)) {
    throw new Fault('image.malformed', 'neither grey nor colour of 8 bits');
  }
  const [heightPx, widthPx] = [view.getUint16(at + 1), view.getUint16(at + 3)];
  return { format: 'jpeg', widthPx, heightPx, components, lumaChroma: false, codestream: 0 };
}

function readCodestreamHeader(view: DataView, start: number, lumaChroma: boolean): ImageHeader {
  if (view.getUint32(start) !== 0xff4fff51) throw new Fault('image.malformed', 'no codestream');
  const word = (index: number) => view.getUint32(start + 8 + index * 4);
  const [right, bottom, left, top] = [word(0), word(1), word(2), word(3)];
  const [tileWidth, tileHeight, tileLeft, tileTop] = [word(4), word(5), word(6), word(7)];
  const components = view.getUint16(start + 40);
  const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight);
  if (!(tiles >= 1 && tiles <= maxTiles)) throw new Fault('image.malformed', 'tiles');
  if (components !== 1 && components !== 3 && components !== 4) throw new Fault('image.malformed', 'components');
  for (let component = 0; component < components; component++) {
    const at = start + 42 + component * 3;
    // Signed or deeper than 8 bits, or with fewer samples than pixels.
    if (view.getUint8(at) > 7 || view.getUint16(at + 1) !== 0x0101) throw new Fault('image.malformed', 'samples');
  }
  return {
    format: 'jpeg2000',
    widthPx: right - left,
    heightPx: bottom - top,
    components,
    lumaChroma: lumaChroma && components >= 3,
    codestream: start,
  };
}

function readJp2Header(view: DataView): ImageHeader {
  const lumaChromaSpace = 18;
  let lumaChroma = false;
  const walk = (from: number, to: number): ImageHeader | undefined => {
    for (let at = from; at + 8 <= to;) {
      const [length, kind] = [view.getUint32(at), view.getUint32(at + 4)];
      const end = length === 0 ? to : at + length;
      if (kind === box('jp2c')) return readCodestreamHeader(view, at + 8, lumaChroma);
      if (end < at + 8 || end > to) throw new Fault('image.malformed', 'a box of wrong length');
      if (kind === box('jp2h')) walk(at + 8, end);
      if (kind === box('pclr')) throw new Fault('image.malformed', 'a palette');
      if (kind === box('colr') && view.getUint8(at + 8) === 1) lumaChroma = view.getUint32(at + 11) === lumaChromaSpace;
      at = end;
    }
    return undefined;
  };
  const header = walk(0, view.byteLength);
  if (!header) throw new Fault('image.malformed', 'no codestream');
  return header;
}

function box(kind: string): number {
  return Buffer.from(kind, 'latin1').readUInt32BE();
}
