import { createCipheriv } from 'node:crypto';
import type { GreyImage } from '../../../main/contract/image.ts';

/** Bytes of which none can be guessed from another, the same for the same seed: a keystream, as an emulated processor draws it fast. */
export function noiseBytes(seed: number, lengthBytes: number): Uint8Array {
  const key = Buffer.alloc(32);
  key.writeUInt32LE(seed);
  const stream = createCipheriv('chacha20', key, Buffer.alloc(16)).update(Buffer.alloc(lengthBytes));
  return new Uint8Array(stream);
}

/** An image of such bytes. */
export const noise = (seed: number, widthPx: number, heightPx: number): GreyImage => ({
  widthPx,
  heightPx,
  dpi: 500,
  pixels: noiseBytes(seed, widthPx * heightPx),
});
