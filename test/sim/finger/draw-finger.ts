import type { GreyImage } from '../../../main/contract/image.ts';
import { type Condition, touches } from './condition.ts';
import { type Master, masterOf } from './master.ts';
import { normal, stream } from './random.ts';
import { drawRelief } from './relief.ts';

/** Which finger, which of its impressions, on what sensor. */
export interface Drawing {
  readonly finger: number;
  readonly impression: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
  /** `good` when not said. */
  readonly condition?: Condition;
}

/**
 * An image of a finger that never was: the same drawing always gives the same image, another impression of a finger is
 * placed, bent, pressed and soiled otherwise. Dark ridges on a light ground, the fingertip up.
 */
export function drawFinger(drawing: Drawing): GreyImage {
  const { finger, impression, widthPx, heightPx, dpi, condition = 'good' } = drawing;
  const touch = touches[condition];
  const master = masterOf(finger);
  const random = stream(finger, 2, impression);
  const scale = 500 / dpi;
  const turn = 0.13 * normal(random);
  const cosine = Math.cos(turn);
  const sine = Math.sin(turn);
  const shiftX = touch.wander * normal(random);
  const shiftY = touch.wander * normal(random);
  const pressure = touch.pressure + 0.12 * normal(random);
  const bend = drawBend(random);
  const outline = drawOutline(random);
  const skin = drawRelief(random, 5);
  const patches = drawRelief(random, 42);
  const ground = drawRelief(random, 90);
  const pixels = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const glassX = (column - widthPx / 2) * scale;
      const glassY = (row - heightPx / 2) * scale;
      const [bentX, bentY] = bend(glassX - shiftX, glassY - shiftY);
      const x = cosine * bentX + sine * bentY;
      const y = cosine * bentY - sine * bentX;
      // 1 well inside the skin that touches, 0 outside.
      const edge = outline(x, y, touch.halfWidth, touch.halfHeight) + 0.06 * patches(glassX, glassY);
      const contact = clamp((1 - edge) * 6);
      const level = ground(glassX, glassY);
      let grey = 0.94 + 0.03 * level;
      if (contact > 0) {
        const uneven = touch.roughness * (0.6 * skin(glassX, glassY) + 0.6 * patches(glassX, glassY));
        const press = pressure + uneven - 1.2 * (1 - contact);
        const ridge =
          clamp(0.5 + 0.5 * touch.sharpness * (ridgeAt(master, x, y) + press)) * (1 - touch.pores * pore(finger, x, y));
        const inked = touch.valleyGrey + (touch.ridgeGrey - touch.valleyGrey) * ridge + 0.06 * level;
        grey += (inked - grey) * clamp(contact * 1.5);
      }
      grey += touch.noise * normal(random);
      pixels[row * widthPx + column] = Math.round(255 * clamp(grey));
    }
  }
  return { widthPx, heightPx, dpi, pixels };
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}

/** The ridge profile (-1 to 1) at a point of the finger, 0, 0 in its middle; outside the finger there is none. */
function ridgeAt(master: Master, x: number, y: number): number {
  const column = x + master.widthPx / 2;
  const row = y + master.heightPx / 2;
  const left = Math.floor(column);
  const top = Math.floor(row);
  if (left < 0 || top < 0 || left + 1 >= master.widthPx || top + 1 >= master.heightPx) return -1;
  const at = top * master.widthPx + left;
  const value = (offset: number): number => master.ridges[at + offset] ?? 0;
  const acrossX = column - left;
  const upper = value(0) + acrossX * (value(1) - value(0));
  const lower = value(master.widthPx) + acrossX * (value(master.widthPx + 1) - value(master.widthPx));
  return (upper + (row - top) * (lower - upper)) / 127;
}

/** Sweat pores belong to the finger: in each square of 9 pixels one, somewhere, if any; 1 in its middle. */
function pore(finger: number, x: number, y: number): number {
  const side = 9;
  const column = Math.floor(x / side);
  const row = Math.floor(y / side);
  const hash = Math.imul(
    Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(finger, 0x9e3779b1),
    0x2c1b3c6d,
  );
  const bits = hash ^ (hash >>> 15);
  if (bits & 1) return 0;
  const poreX = (column + 0.2 + 0.6 * (((bits >>> 1) & 255) / 255)) * side;
  const poreY = (row + 0.2 + 0.6 * (((bits >>> 9) & 255) / 255)) * side;
  return Math.exp(-((x - poreX) ** 2 + (y - poreY) ** 2) / 1.6);
}

/** Skin is pulled when it touches: a slow shift that differs from place to place, some pixels at most. */
function drawBend(random: () => number): (x: number, y: number) => readonly [number, number] {
  const pulls = Array.from({ length: 4 }, () => ({
    x: 110 * normal(random),
    y: 140 * normal(random),
    dx: 2.5 * normal(random),
    dy: 2.5 * normal(random),
    reach: 2 * (70 + 50 * random()) ** 2,
  }));
  return (x, y) => {
    let dx = 0;
    let dy = 0;
    for (const pull of pulls) {
      const weight = Math.exp(-((x - pull.x) ** 2 + (y - pull.y) ** 2) / pull.reach);
      dx += weight * pull.dx;
      dy += weight * pull.dy;
    }
    return [x + dx, y + dy];
  };
}

/** How far out a point lies: 1 on the outline of the skin that touches, an uneven oval. */
function drawOutline(random: () => number): (x: number, y: number, halfWidth: number, halfHeight: number) => number {
  const waves = [2, 3, 4, 5].map((turns) => ({
    turns,
    height: (0.07 * normal(random)) / turns,
    phase: 6.3 * random(),
  }));
  return (x, y, halfWidth, halfHeight) => {
    const across = x / halfWidth;
    const down = y / halfHeight;
    const angle = Math.atan2(down, across);
    let radius = 1;
    for (const wave of waves) radius += wave.height * Math.cos(wave.turns * angle + wave.phase);
    return Math.hypot(across, down) / radius;
  };
}
