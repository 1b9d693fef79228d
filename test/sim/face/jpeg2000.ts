import createCodec from '@cornerstonejs/codec-openjpeg';
import type { RgbImage } from '../../../main/contract/image.ts';

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setQuality(lossless: boolean, quality: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
  encode(): void;
}
type CreateCodec = (options: { print(): void; printErr(): void }) => Promise<{ J2KEncoder: new () => Encoder }>;

/** The image as a JPEG 2000 codestream (ISO/IEC 15444-1), a fifteenth of its size unless told, as chips hold portraits. */
export async function encodeJpeg2000(
  { widthPx, heightPx, pixels }: RgbImage,
  isUsingColorTransform = true,
  ratio = 15,
): Promise<Uint8Array> {
  const { J2KEncoder } = await (createCodec as CreateCodec)({ print: () => {}, printErr: () => {} });
  const encoder = new J2KEncoder();
  const frame = { width: widthPx, height: heightPx, bitsPerSample: 8, componentCount: 3, isSigned: false };
  encoder.getDecodedBuffer({ ...frame, isUsingColorTransform }).set(pixels);
  encoder.setQuality(false, 0);
  encoder.setCompressionRatio(0, ratio);
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}

/** A codestream in the boxes of a JP2 file (ISO/IEC 15444-1 annex I). Its colour space is sRGB (16) unless another one is given. */
export function wrapJp2(codestream: Uint8Array, { widthPx, heightPx }: RgbImage, colourSpace = 16): Uint8Array {
  const imageHeader = Buffer.alloc(14);
  imageHeader.writeUInt32BE(heightPx);
  imageHeader.writeUInt32BE(widthPx, 4);
  imageHeader.writeUInt16BE(3, 8);
  imageHeader.set([7, 7, 0, 0], 10);
  const colour = Uint8Array.of(1, 0, 0, 0, 0, 0, colourSpace);
  return new Uint8Array(
    Buffer.concat([
      box('jP  ', Buffer.from('0d0a870a', 'hex')),
      box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
      box('jp2h', box('ihdr', imageHeader), box('colr', colour)),
      box('jp2c', codestream),
    ]),
  );
}

function box(kind: string, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, content]);
}
