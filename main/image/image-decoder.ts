import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Fault } from '../contract/fault.ts';
import type { RgbImage } from '../contract/image.ts';
import { type ImageHeader, portraitSidePx, readImageHeader } from './image-header.ts';

/** A decoder object of either codec. */
interface CodecDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}
type Codec = () => CodecDecoder;
type LoadCodec = (options: { wasmBinary: Uint8Array; print(): void; printErr(): void }) => Promise<{
  JPEGDecoder?: new () => CodecDecoder;
  J2KDecoder?: new () => CodecDecoder;
}>;

/** How large an image may be, encoded and decoded. */
export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxSidePx: number;
}

/** Decodes JPEG and JPEG 2000 images to colour. Fault: `image.malformed`, also for what is beyond the limits. */
export type ImageDecoder = (bytes: Uint8Array) => Promise<RgbImage>;

/** A face off a chip; a page off a document reader. */
export const portraitLimits: ImageLimits = { maxBytes: 1_000_000, maxSidePx: portraitSidePx };
export const pageLimits: ImageLimits = { maxBytes: 8 * 1024 * 1024, maxSidePx: 4096 };
const bundled = !import.meta.url.endsWith('.ts');
const require = createRequire(import.meta.url);

/** The codecs run in WebAssembly, so no input can reach memory but their own; after a failure a fresh one is made. */
export function createImageDecoder({ maxBytes, maxSidePx }: ImageLimits): ImageDecoder {
  const codecs: Partial<Record<ImageHeader['format'], Codec>> = {};
  return async (bytes) => {
    if (bytes.length > maxBytes) throw new Fault('image.malformed', `${bytes.length} bytes`);
    const header = readImageHeader(bytes, maxSidePx);
    const codec = (codecs[header.format] ??= await loadCodec(header.format));
    try {
      return decode(codec, header, bytes.subarray(header.codestream));
    } catch {
      // The codecs throw numbers: addresses in a memory that is given up here.
      delete codecs[header.format];
      throw new Fault('image.malformed', `${header.format} does not decode`);
    }
  };
}

function decode(codec: Codec, header: ImageHeader, bytes: Uint8Array): RgbImage {
  const decoder = codec();
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const { width, height, componentCount } = decoder.getFrameInfo();
  if (width !== header.widthPx || height !== header.heightPx) throw new RangeError('another size than announced');
  const pixels = toRgb(decoder.getDecodedBuffer(), width * height, componentCount);
  // What is freed in there is not overwritten.
  decoder.getDecodedBuffer().fill(0);
  decoder.getEncodedBuffer(bytes.length).fill(0);
  decoder.delete();
  if (header.lumaChroma) fromLumaChroma(pixels);
  return { widthPx: width, heightPx: height, pixels };
}

function toRgb(samples: Uint8Array, count: number, components: number): Uint8Array {
  if (samples.length < count * components) throw new RangeError('fewer samples than announced');
  if (components === 3) return new Uint8Array(samples.subarray(0, count * 3));
  const pixels = new Uint8Array(count * 3);
  for (let index = 0; index < count; index++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[index * 3 + channel] = samples[index * components + (components === 1 ? 0 : channel)] ?? 0;
    }
  }
  return pixels;
}

/** sYCC (IEC 61966-2-1, amendment 1) to sRGB, in place. */
function fromLumaChroma(pixels: Uint8Array): void {
  const samples = new Uint8ClampedArray(pixels.buffer);
  for (let at = 0; at < samples.length; at += 3) {
    const [y = 0, blue = 0, red = 0] = samples.subarray(at, at + 3);
    samples[at] = y + 1.402 * (red - 128);
    samples[at + 1] = y - 0.344136 * (blue - 128) - 0.714136 * (red - 128);
    samples[at + 2] = y + 1.772 * (blue - 128);
  }
}

async function loadCodec(format: ImageHeader['format']): Promise<Codec> {
  // Written out in full so that the bundler finds them.
  const [load, wasmFile] =
    format === 'jpeg'
      ? [
          await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
          bundled ? './libjpegturbowasm_decode.wasm' : '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
        ]
      : [
          await import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
          bundled ? './openjpegwasm_decode.wasm' : '@cornerstonejs/codec-openjpeg/decodewasm',
        ];
  const path = bundled ? fileURLToPath(new URL(wasmFile, import.meta.url)) : require.resolve(wasmFile);
  const silent = { print: () => {}, printErr: () => {} };
  const module = await (load.default as LoadCodec)({ wasmBinary: await readFile(path), ...silent });
  const Decoder = module.JPEGDecoder ?? module.J2KDecoder;
  if (!Decoder) throw new Fault('internal', 'a codec without a decoder');
  return () => new Decoder();
}
