import type { FingerPosition } from '../../../main/contract/biometrics.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { type HandFinger, handOf } from './hand.ts';
import { masterOf } from './master.ts';
import { drawPlacement, toFinger } from './placement.ts';
import { normal, stream } from './random.ts';
import { drawRelief, type Relief } from './relief.ts';
import { clamp, pore, ridgeAt } from './skin.ts';
import { type SlapCondition, slapTouch, type SlapTouch } from './slap-condition.ts';

/** Which hand of which person, which of its impressions, and how it was taken. */
export interface SlapDrawing {
  readonly person: number;
  readonly impression: number;
  readonly hand: 'left' | 'right' | 'thumbs';
  readonly condition?: SlapCondition;
  /** Fingers that are not there, or not put down. */
  readonly absent?: readonly FingerPosition[];
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** Where a drawn finger truly lies: the box of its first phalanx, turned by `angle` about its middle (radians, clockwise). */
export interface TrueFinger {
  readonly position: FingerPosition;
  readonly finger: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly angle: number;
  /** Whether any of the box lies off the glass. */
  readonly cut: boolean;
  /** Whether it hardly touches. */
  readonly faint: boolean;
}

export interface DrawnSlap {
  readonly image: GreyImage;
  readonly fingers: readonly TrueFinger[];
}

/** A finger as it lies: its tip on the glass and the way it points. */
interface Laid extends HandFinger {
  readonly tipX: number;
  readonly tipY: number;
  readonly angle: number;
  readonly order: number;
}

const usualWidthPx = 1600;
const usualHeightPx = 1500;
/** From the tip to the middle of a drawn finger's pattern. */
const patternDepth = 235;

/**
 * A slap of four fingers or two thumbs that never were, with the truth of where each lies: the same drawing always gives the
 * same image, 500 dpi, dark ridges on light glass, seen from above it.
 */
export function drawSlap(drawing: SlapDrawing): DrawnSlap {
  const { person, impression, hand, condition = 'usual', absent = [] } = drawing;
  const widthPx = drawing.widthPx ?? usualWidthPx;
  const heightPx = drawing.heightPx ?? usualHeightPx;
  const random = stream(person, 7, impression, hand === 'left' ? 0 : hand === 'right' ? 1 : 2);
  const touch = slapTouch(condition, random);
  const laid = lay(handOf(person, hand, touch.scale), hand, touch, random, widthPx, heightPx);
  const placed = laid.filter(({ position }) => !absent.includes(position));
  const grey = new Float32Array(widthPx * heightPx).fill(0.94);
  const ground = drawRelief(random, 120);
  if (touch.latent > 0) {
    const before = lay(
      handOf(person + 50_000, hand, 0.95),
      hand,
      { ...touch, turn: 0.1 * normal(random) },
      random,
      widthPx,
      heightPx,
    );
    for (const finger of before)
      ink(
        grey,
        widthPx,
        finger,
        { ...touch, pressure: -0.5, roughness: 1.4, ridgeGrey: 0.94 - touch.latent, valleyGrey: 0.94, halo: 0 },
        random,
        false,
      );
  }
  const fingers = placed.map((finger) => {
    const faint = finger.order === touch.faint;
    const light: SlapTouch = faint
      ? { ...touch, pressure: -0.75, roughness: 1.5, ridgeGrey: 0.6, valleyGrey: 0.9, halo: 0 }
      : touch;
    return ink(grey, widthPx, finger, light, random, faint);
  });
  dirty(grey, widthPx, heightPx, touch, random);
  const pixels = new Uint8Array(widthPx * heightPx);
  for (let y = 0, at = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, at++)
      pixels[at] = Math.round(255 * clamp(grey[at]! + 0.03 * ground(x, y) + touch.noise * normal(random)));
  return { image: { widthPx, heightPx, dpi: 500, pixels }, fingers };
}

/** Lays a hand on the glass: fingers side by side about the hand's axis, the whole turned, and as much in view as can be. */
function lay(
  fingers: readonly HandFinger[],
  hand: SlapDrawing['hand'],
  touch: SlapTouch,
  random: () => number,
  widthPx: number,
  heightPx: number,
): Laid[] {
  // From left to right on the glass: the right hand begins with the index, the left hand with the little finger.
  const order = hand === 'left' ? fingers.toReversed() : fingers;
  const pitch = hand === 'thumbs' ? touch.pitch + 0.5 * random() : touch.pitch;
  let across = 0;
  const straight = order.map((finger, at) => {
    const before = order[at - 1];
    if (before) across += (before.halfWidth + finger.halfWidth) * pitch * (1 + 0.03 * random());
    const lean = (at - (order.length - 1) / 2) * (hand === 'thumbs' ? 0.12 * normal(random) : 0.28 * (pitch - 1.12));
    return {
      ...finger,
      x: across,
      y: finger.tipDrop,
      angle: lean + 0.02 * normal(random),
      order: fingers.indexOf(finger),
    };
  });
  const cosine = Math.cos(touch.turn);
  const sine = Math.sin(touch.turn);
  const turned = straight.map(({ x, y, angle, ...finger }) => ({
    ...finger,
    tipX: cosine * x - sine * y,
    tipY: sine * x + cosine * y,
    angle: angle + touch.turn,
  }));
  const box = bounds(turned);
  const slackX = widthPx - (box.right - box.left);
  const slackY = heightPx - (box.bottom - box.top);
  const shiftX = slackX * (slackX > 0 ? 0.3 + 0.4 * random() : 0.5) - box.left;
  const shiftY = (slackY > 0 ? (touch.high ? Math.min(25, slackY) : slackY * (0.15 + 0.75 * random())) : 10) - box.top;
  return turned.map((finger) => ({ ...finger, tipX: finger.tipX + shiftX, tipY: finger.tipY + shiftY }));
}

function cornersOf(finger: Laid): [x: number, y: number][] {
  const cosine = Math.cos(finger.angle);
  const sine = Math.sin(finger.angle);
  return [-1, 1].flatMap((side) =>
    [0, finger.creases[0]].map((down): [number, number] => [
      finger.tipX + cosine * side * finger.halfWidth - sine * down,
      finger.tipY + sine * side * finger.halfWidth + cosine * down,
    ]),
  );
}

function bounds(fingers: readonly Laid[]) {
  const corners = fingers.flatMap(cornersOf);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Inks one finger, all that is in view of it down to the palm, and tells where its first phalanx came to lie. */
function ink(
  grey: Float32Array,
  widthPx: number,
  finger: Laid,
  touch: SlapTouch,
  random: () => number,
  faint: boolean,
): TrueFinger {
  const heightPx = grey.length / widthPx;
  const { tipX, tipY, angle, halfWidth, creases } = finger;
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  const master = masterOf(finger.finger);
  const placement = drawPlacement(random, 0, 0, 3.5);
  const rim = drawRelief(random, 55);
  const grain = drawRelief(random, 15);
  const patches = drawRelief(random, 42);
  const waves = drawRelief(random, 70);
  const pressure = touch.pressure + 0.12 * normal(random);
  const [first, second, last] = creases;
  // Creases are seldom white all through, and what lies below the first is pressed less, if at all.
  const depths = creases.map(() => 0.5 + 0.7 * random());
  const below = 0.9 * random() * random() + (random() < 0.15 ? 1.2 : 0);
  const point = new Float64Array(2);
  const reach = last + 500;
  const most = { left: 0, right: 0, top: first, cut: false };
  const wide = halfWidth * 1.4;
  const xs = [-wide, wide].flatMap((u) => [-40, reach].map((v) => tipX + cosine * u - sine * v));
  const ys = [-wide, wide].flatMap((u) => [-40, reach].map((v) => tipY + sine * u + cosine * v));
  const fromX = Math.max(0, Math.floor(Math.min(...xs)));
  const toX = Math.min(widthPx - 1, Math.ceil(Math.max(...xs)));
  const fromY = Math.max(0, Math.floor(Math.min(...ys)));
  const toY = Math.min(heightPx - 1, Math.ceil(Math.max(...ys)));
  for (let y = fromY; y <= toY; y++)
    for (let x = fromX; x <= toX; x++) {
      const u = cosine * (x - tipX) + sine * (y - tipY);
      const v = cosine * (y - tipY) - sine * (x - tipX);
      if (v < -40 || v > reach || Math.abs(u) > wide) continue;
      const out = outwards(u, v, halfWidth, creases) + 0.04 * rim(u, v);
      const at = y * widthPx + x;
      if (touch.halo > 0 && out > 0.9)
        grey[at] = Math.min(
          grey[at]!,
          0.94 - touch.halo * Math.exp(-Math.max(0, out - 1) * 7) * (0.8 + 0.4 * patches(u, v)),
        );
      const patch = patches(u, v);
      const contact = clamp((1 - out - 0.05 * patch) * 7) * lifted(u, v, creases, depths, rim);
      if (contact <= 0) continue;
      if (contact > 0.3 && v < first) {
        most.left = Math.min(most.left, u);
        most.right = Math.max(most.right, u);
        most.top = Math.min(most.top, v);
      }
      toFinger(placement, u, v - patternDepth, point);
      const profile =
        v < first ? ridgeAt(master, point[0]!, point[1]!) : Math.sin((v + 14 * waves(u, v) + 0.12 * u) * 0.69);
      const uneven = touch.roughness * (0.65 * grain(u, v) + 0.5 * patch);
      const press = pressure + uneven - 1.2 * (1 - contact) - (v < first ? 0 : below);
      const ridge = clamp(0.5 + 0.85 * (profile + press)) * (1 - 0.5 * pore(finger.finger, point[0]!, point[1]!));
      const inked = touch.valleyGrey + (touch.ridgeGrey - touch.valleyGrey) * ridge;
      grey[at] = Math.min(grey[at]!, 0.94 + (inked - 0.94) * clamp(contact * 1.5));
    }
  const middleU = (most.left + most.right) / 2;
  const middleV = (most.top + first) / 2;
  const inside = cornersOf(finger).every(([x, y]) => x >= 0 && y >= 0 && x < widthPx && y < heightPx);
  return {
    position: finger.position,
    finger: finger.finger,
    centreX: tipX + cosine * middleU - sine * middleV,
    centreY: tipY + sine * middleU + cosine * middleV,
    widthPx: most.right - most.left,
    heightPx: first - most.top,
    angle,
    cut: !inside || second < first,
    faint,
  };
}

/** How far out a point of a finger lies, 1 on its rim: a round tip, sides that bulge between the creases, and the palm. */
function outwards(u: number, v: number, halfWidth: number, [first, second, last]: HandFinger['creases']): number {
  const dome = 1.15 * halfWidth;
  if (v < dome) return Math.hypot(u / halfWidth, (v - dome) / dome);
  if (v > last) return Math.abs(u) / (halfWidth * (1 + (v - last) / 150));
  const [from, to] = v < first ? [2 * dome - first, first] : v < second ? [first, second] : [second, last];
  const along = (v - (from + to) / 2) / ((to - from) / 2);
  const waist = v < first && v < (from + to) / 2 ? 1 : 1 - 0.1 * along * along;
  return Math.abs(u) / (halfWidth * waist);
}

/** What is left of the touch at a place: little or none in a crease. */
function lifted(u: number, v: number, creases: HandFinger['creases'], depths: readonly number[], rim: Relief): number {
  let least = 1;
  for (const [at, crease] of creases.entries()) {
    const away = Math.abs(v - crease - 9 * rim(u, crease) - 0.0004 * u * u);
    least = Math.min(least, 1 - clamp((18 + 3 * at - away) / 12) * clamp((depths[at] ?? 1) + 0.3 * rim(3 * u, 900)));
  }
  return least;
}

/** Specks that lie on the glass and scratches in it. */
function dirty(grey: Float32Array, widthPx: number, heightPx: number, touch: SlapTouch, random: () => number): void {
  const dot = (x: number, y: number, radius: number, dark: number): void => {
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) {
        const [column, row] = [Math.round(x + dx), Math.round(y + dy)];
        if (dx * dx + dy * dy > radius * radius || column < 0 || row < 0 || column >= widthPx || row >= heightPx)
          continue;
        grey[row * widthPx + column] = Math.min(grey[row * widthPx + column]!, dark);
      }
  };
  for (let i = 0; i < touch.specks; i++)
    dot(widthPx * random(), heightPx * random(), Math.floor(2 + 14 * random() * random()), 0.3 + 0.5 * random());
  for (let i = 0; i < touch.scratches; i++) {
    const [x, y, way] = [widthPx * random(), heightPx * random(), Math.PI * random()];
    const length = 150 + 400 * random();
    for (let step = 0; step < length; step++) dot(x + step * Math.cos(way), y + step * Math.sin(way), 1, 0.55);
  }
}
