import { fitSimilarity, warp } from '../../../main/biometrics/face/raster.ts';
import type { RgbImage } from '../../../main/contract/image.ts';
import { type Person, photograph, type Subject } from './people.ts';
import { noise, seededRandom } from './random.ts';

/** What stands before the simulated camera. Without a person there is a bare wall. */
export interface Scene {
  readonly person?: Person | Subject;
  /** Somebody at the first one's side, of the same size. */
  readonly companion?: Person;
  readonly seed: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Distance of the eyes as a share of the frame's height; a head is about two and a half times as high. */
  readonly interEye?: number;
  /** Middle of the eyes as fractions of the frame. */
  readonly eyesAt?: { readonly x: number; readonly y: number };
  /** Light: 1 as photographed. */
  readonly light?: number;
  /** The head tilted to one side, in degrees. */
  readonly tilt?: number;
  /** Light of a screen on whoever stands before it: red, green and blue, as shares of the light there is. */
  readonly glow?: readonly [number, number, number];
  /** Frames after which motion and light are where they began. */
  readonly period?: number;
}

const wall = 168;

/** One frame of the scene: the head sways, the light wavers, the sensor is noisy. The same scene and index give the same frame. */
export async function renderScene(scene: Scene, index: number): Promise<RgbImage> {
  const { widthPx = 640, heightPx = 480, interEye = 0.135, eyesAt = { x: 0.5, y: 0.42 }, tilt = 0 } = scene;
  const { seed, light = 1, period = 60 } = scene;
  const phase = ((2 * Math.PI) / period) * index;
  const sway = (cycles: number, offset: number) => Math.sin(phase * cycles + seed + offset);
  const look = async (person: Person | Subject, x: number): Promise<RgbImage> => {
    const angle = ((tilt + sway(1, 2)) * Math.PI) / 180;
    const half = (interEye * heightPx * (1 + 0.015 * sway(1, 3))) / 2;
    const middle = {
      x: x * widthPx + 0.012 * heightPx * sway(1, 0),
      y: (eyesAt.y + 0.008 * sway(2, 1)) * heightPx,
    };
    const [dx, dy] = [half * Math.cos(angle), half * Math.sin(angle)];
    const eyes = [
      { x: middle.x - dx, y: middle.y - dy },
      { x: middle.x + dx, y: middle.y + dy },
    ];
    return warp(await photograph(person), fitSimilarity(eyes, person.eyes), widthPx, heightPx);
  };
  const gain = light * (1 + 0.03 * sway(1, 4));
  const random = seededRandom(seed * 7919 + (index % period));
  if (!scene.person) return expose(bareWall(widthPx, heightPx), gain, random);
  if (!scene.companion) {
    const seen = await look(scene.person, eyesAt.x);
    if (scene.glow)
      shine(seen, scene.glow, { x: eyesAt.x * widthPx, y: (eyesAt.y + 0.08) * heightPx }, interEye * heightPx);
    return expose(seen, gain, random);
  }
  const [left, right] = [await look(scene.person, eyesAt.x - 0.22), await look(scene.companion, eyesAt.x + 0.22)];
  return expose(halves(left, right), gain, random);
}

function bareWall(widthPx: number, heightPx: number): RgbImage {
  return { widthPx, heightPx, pixels: new Uint8Array(widthPx * heightPx * 3).fill(wall) };
}

/** The left half of one frame and the right half of another. */
function halves(left: RgbImage, right: RgbImage): RgbImage {
  const { widthPx, heightPx } = left;
  const pixels = left.pixels.slice();
  const middle = Math.floor(widthPx / 2) * 3;
  for (let row = 0; row < heightPx; row++) {
    const [from, to] = [row * widthPx * 3 + middle, (row + 1) * widthPx * 3];
    pixels.set(right.pixels.subarray(from, to), from);
  }
  return { widthPx, heightPx, pixels };
}

/** Adds the light of a screen, strongest on the face and weak on what lies farther behind. */
function shine(
  { widthPx, heightPx, pixels }: RgbImage,
  glow: readonly [number, number, number],
  centre: { x: number; y: number },
  interEyePx: number,
): void {
  for (let row = 0, at = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++, at += 3) {
      const square = ((column - centre.x) ** 2 + (row - centre.y) ** 2) / (interEyePx * 2) ** 2;
      const share = 0.15 + 0.85 * Math.exp(-square);
      for (let channel = 0; channel < 3; channel++) {
        pixels[at + channel] = Math.min(255, (pixels[at + channel] ?? 0) * (1 + (glow[channel] ?? 0) * share) + 0.5);
      }
    }
  }
}

/** What a sensor makes of the light: scaled, and with noise that grows darker pixels least. */
function expose(image: RgbImage, gain: number, random: () => number): RgbImage {
  const grain = Float32Array.from({ length: 4099 }, () => noise(random));
  const exposed = new Uint8ClampedArray(image.pixels.length);
  for (let index = 0; index < exposed.length; index++) {
    const light = (image.pixels[index] ?? 0) * gain;
    exposed[index] = light + (grain[index % grain.length] ?? 0) * (1 + 0.008 * light);
  }
  return { ...image, pixels: new Uint8Array(exposed.buffer) };
}
