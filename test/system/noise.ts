import type { GreyImage } from '../../main/contract/image.ts';
import { seededRandom } from '../sim/devices/fault-line.ts';

/** An image of which no byte can be guessed from another. */
export function noise(seed: number, widthPx: number, heightPx: number): GreyImage {
  const random = seededRandom(seed);
  return { widthPx, heightPx, dpi: 500, pixels: Uint8Array.from({ length: widthPx * heightPx }, () => random() * 256) };
}
