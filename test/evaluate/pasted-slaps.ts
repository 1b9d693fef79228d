import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FingerPosition } from '../../main/contract/biometrics.ts';
import { examineFinger } from '../../main/biometrics/finger/finger-report.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import type { DrawnSlap, TrueFinger } from '../sim/finger/draw-slap.ts';
import { handOf } from '../sim/finger/hand.ts';
import { stream } from '../sim/finger/random.ts';
import { fingerImageName, readFingerImage } from './finger-image.ts';

/** Pixels about a print whose grey is that of the folder's glass. */
const rimPx = 12;

/**
 * Slaps of real prints: four images of a folder, of four fingers, are laid where fingertips of a drawn hand would lie. There are
 * no lower phalanges, and the truth of a finger is its image's own extent, so that counts and names are what this can tell.
 */
export async function* pasteSlaps(dir: string): AsyncGenerator<{ hand: 'left' | 'right'; slap: DrawnSlap }> {
  const files = readdirSync(dir)
    .filter((name) => fingerImageName.test(name))
    .toSorted();
  const fingers = Map.groupBy(files, (name) => Number(name.split('_')[0]));
  const numbers = [...fingers.keys()];
  for (let at = 0; at < numbers.length * 2; at++) {
    const hand = at % 2 === 0 ? 'right' : 'left';
    const random = stream(at, 9);
    const names = [0, 1, 2, 3].map((k) => {
      const impressions = fingers.get(numbers[(at + k) % numbers.length] ?? 0) ?? [];
      return join(dir, impressions[Math.floor(random() * impressions.length)] ?? '');
    });
    yield { hand, slap: await paste(names, hand, at, random) };
  }
}

async function paste(
  files: readonly string[],
  hand: 'left' | 'right',
  person: number,
  random: () => number,
): Promise<DrawnSlap> {
  const [widthPx, heightPx] = [1800, 1500];
  const pixels = new Uint8Array(widthPx * heightPx).fill(240);
  const image: GreyImage = { widthPx, heightPx, dpi: 500, pixels };
  const laid = handOf(person, hand, 1);
  const order = hand === 'left' ? laid.toReversed() : laid;
  const fingers: TrueFinger[] = [];
  let across = 0;
  for (const [at, { position, tipDrop, halfWidth }] of order.entries()) {
    across += at === 0 ? 220 : ((order[at - 1]?.halfWidth ?? 0) + halfWidth) * (1.25 + 0.05 * random());
    const print = await readFingerImage(files[at] ?? '');
    const { left, right, top } = await extentOf(print);
    fingers.push(
      await lay(image, print, Math.round(across - (left + right) / 2), Math.round(120 + tipDrop - top), position),
    );
  }
  return { image, fingers };
}

/** What the minutiae of a print span, widened by what usually lies about them. */
async function extentOf(print: GreyImage): Promise<{ left: number; right: number; top: number; bottom: number }> {
  const { points } = await examineFinger(print);
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return {
    left: Math.min(...xs) - 30,
    right: Math.max(...xs) + 30,
    top: Math.min(...ys) - 30,
    bottom: Math.max(...ys) + 30,
  };
}

/** Darkens the slap by a print, so that light grounds do not cover what lies beside. */
async function lay(
  slap: GreyImage,
  print: GreyImage,
  left: number,
  top: number,
  position: FingerPosition,
): Promise<TrueFinger> {
  const extent = await extentOf(print);
  const level = print.pixels.toSorted()[Math.floor(0.9 * print.pixels.length)] ?? 240;
  for (let y = rimPx; y < print.heightPx - rimPx; y++)
    for (let x = rimPx; x < print.widthPx - rimPx; x++) {
      const at = (top + y) * slap.widthPx + left + x;
      if (x + left < 0 || y + top < 0 || x + left >= slap.widthPx || y + top >= slap.heightPx) continue;
      const grey = Math.min(240, (print.pixels[y * print.widthPx + x] ?? 0) + 240 - level);
      slap.pixels[at] = Math.min(slap.pixels[at] ?? 255, Math.max(0, grey));
    }
  return {
    position,
    finger: 0,
    centreX: left + (extent.left + extent.right) / 2,
    centreY: top + (extent.top + extent.bottom) / 2,
    widthPx: extent.right - extent.left,
    heightPx: extent.bottom - extent.top,
    angle: 0,
    cut: false,
    faint: false,
  };
}
