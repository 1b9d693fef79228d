import { type FingerPosition, slapFingers, type SlapKind } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import type { GreyImage } from '../../contract/image.ts';
import { extractFinger, type FingerFeatures } from './finger.ts';
import { cropUpright, type TurnedBox } from './slap-crop.ts';
import { findHands, type Hand } from './slap-hand.ts';
import { cellPx, mapFaintRidges, mapRidges, type SlapMap } from './slap-map.ts';
import { type Outline, outlineOf } from './slap-outline.ts';
import { findTips, within } from './slap-tips.ts';

/** What is wrong with a slap, the gravest first: each tells the traveller something else. */
export const slapFaults = [
  'empty',
  'wrong-hand',
  'too-few',
  'not-missing',
  'unknown-hand',
  'cut-off',
  'turned',
  'faint',
] as const;
export type SlapFault = (typeof slapFaults)[number];

/** What a slap is expected to show; all of it may be left out. */
export interface SlapExpectation {
  /** Either hand's four fingers when not said. */
  readonly kind?: SlapKind;
  /** Fingers that cannot be there: amputated, bandaged. */
  readonly missing?: readonly FingerPosition[];
}

/** A finger of a slap: its first phalanx, from the tip to the first crease. */
export interface SlapFinger {
  readonly position: FingerPosition;
  readonly box: TurnedBox;
  /** How many of its ridges stand out, and how far, 0 to 100: of the place, not of the print. */
  readonly clarity: number;
}

/** Where the fingers of a slap are, from left to right. */
export interface SlapFingers {
  readonly hand: 'left' | 'right' | 'unknown';
  /** 0.5 to 1: how sure it is which hand this is, by the image alone. 0 where there is none, as with thumbs. */
  readonly confidence: number;
  readonly fingers: readonly SlapFinger[];
  /** Fingers expected, or of this hand, that are not there; those known to be missing are not among them. */
  readonly missing: readonly FingerPosition[];
  readonly faults: readonly SlapFault[];
}

const leastSide = 320;
const mostSide = 2048;
/** Images of 500 dpi, give or take two in a hundred, are taken for such. */
const dpiSpread = 10;
const sureHand = 0.8;
/** From here on a hand that is not the expected one is called so. */
const sureWrong = 0.97;
const mostTurn = (32 / 180) * Math.PI;
const leastClarity = 30;
/** How far a finger may point off the way of its hand, radians. */
const mostLean = 0.22;
const mostOutlines = 9;
/** Skin beside and beyond the box that the upright image keeps, pixels. */
const rimPx = 16;
/** What an extraction takes at most. */
const mostCropPx = 1000;

/**
 * Finds the fingers of a slap of four fingers or two thumbs: 500 dpi, dark ridges on light glass, seen from above, fingers
 * up within 30 degrees. A bare glass is no fault; it has no fingers. Faults: `image.malformed`.
 */
export function findFingers(image: GreyImage, expected: SlapExpectation = {}): SlapFingers {
  checkImage(image);
  const declared = new Set(expected.missing);
  const kinds: readonly SlapKind[] = expected.kind === 'thumbs' ? ['thumbs'] : ['right-four', 'left-four'];
  const hands = search(image, kinds, declared, expected.kind);
  const [best] = hands;
  const named = hands.find(({ kind }) => kind === expected.kind);
  if (!best) {
    const missing = expected.kind ? slapFingers[expected.kind].filter((name) => !declared.has(name)) : [];
    return { hand: 'unknown', confidence: 0, fingers: [], missing, faults: ['empty'] };
  }
  const odds = Math.exp((hands[1]?.score ?? -Infinity) - best.score);
  const confidence = best.kind === 'thumbs' ? 0 : 1 / (1 + odds);
  const wrong = expected.kind !== undefined && best.kind !== expected.kind && confidence >= sureWrong;
  const hand = wrong || !named ? best : named;
  const fingers = hand.fingers.map(({ position, outline }) => ({
    position,
    box: boxOf(outline),
    clarity: clarityOf(outline),
  }));
  const there = new Set(fingers.map(({ position }) => position));
  const missing = slapFingers[hand.kind].filter((name) => !there.has(name) && !declared.has(name));
  const side =
    best.kind === 'thumbs' || confidence < sureHand ? 'unknown' : best.kind === 'left-four' ? 'left' : 'right';
  const turn = fingers.reduce((total, { box }) => total + box.angle, 0) / fingers.length;
  const found: Record<SlapFault, boolean> = {
    empty: false,
    'wrong-hand': wrong,
    'too-few': missing.length > 0,
    'not-missing': !wrong && fingers.some(({ position }) => declared.has(position)),
    'unknown-hand': expected.kind === undefined && side === 'unknown',
    'cut-off': fingers.some(({ box }) => leaves(box, image)),
    turned: Math.abs(turn) > mostTurn,
    faint: fingers.some(({ clarity }) => clarity < leastClarity),
  };
  return { hand: side, confidence, fingers, missing, faults: slapFaults.filter((fault) => found[fault]) };
}

/** A finger cut out of a slap, upright, at 500 dpi, and what was extracted of it. `quality` is Limen's own, 0 to 100. */
export interface SegmentedFinger extends SlapFinger, FingerFeatures {
  readonly image: GreyImage;
}

/** A slap and all that its fingers gave. */
export interface SegmentedSlap extends SlapFingers {
  readonly fingers: readonly SegmentedFinger[];
}

/** Finds the fingers of a slap and extracts each. Whoever is given the images overwrites them. Faults: `image.malformed`. */
export async function segmentSlap(image: GreyImage, expected: SlapExpectation = {}): Promise<SegmentedSlap> {
  const found = findFingers(image, expected);
  const crops = found.fingers.map((finger) => ({ finger, crop: cropFinger(image, finger) }));
  const fingers = await Promise.all(
    crops.map(async ({ finger, crop }) => ({ ...finger, image: crop, ...(await extractFinger(crop)) })),
  ).catch((error: unknown) => {
    for (const { crop } of crops) crop.pixels.fill(0);
    throw error;
  });
  return { ...found, fingers };
}

/** The upright image of a finger of a slap, with a rim about its box. */
export function cropFinger(image: GreyImage, { box }: SlapFinger): GreyImage {
  const heightPx = Math.min(mostCropPx, box.heightPx + 2 * rimPx);
  return cropUpright(image, { ...box, widthPx: box.widthPx + 2 * rimPx, heightPx }, 240);
}

function checkImage({ widthPx, heightPx, dpi, pixels }: GreyImage): void {
  const side = (px: number): boolean => Number.isInteger(px) && px >= leastSide && px <= mostSide;
  if (!side(widthPx) || !side(heightPx))
    throw new Fault('image.malformed', `a slap of ${widthPx} x ${heightPx} pixels`);
  if (!(Math.abs(dpi - 500) <= dpiSpread)) throw new Fault('image.malformed', `a slap of ${dpi} dpi`);
  if (pixels.length !== widthPx * heightPx) throw new Fault('image.malformed', 'pixels do not fit the size');
}

/** Looks for well inked fingers first, so that what a hand before left behind is not seen; for faint ones where some are not found. */
function search(
  image: GreyImage,
  kinds: readonly SlapKind[],
  declared: ReadonlySet<FingerPosition>,
  kind: SlapKind | undefined,
): Hand[] {
  const map = mapRidges(image);
  const outlines = outlinesOf(map, []);
  const hands = findHands(outlines, kinds, declared);
  const wanted = slapFingers[kind ?? 'right-four'].filter((name) => !declared.has(name)).length;
  const strong = hands[0]?.fingers.map(({ outline }) => outline) ?? [];
  if (strong.length >= wanted) return hands;
  const faint = outlinesOf(mapFaintRidges(map), strong);
  return findHands([...strong, ...faint], kinds, declared);
}

/** Fingers of a hand lie side by side: none points far off the way that the clearest do. */
function outlinesOf(map: SlapMap, known: readonly Outline[]): Outline[] {
  const tips = findTips(map).filter((tip) => !known.some((finger) => within(finger, tip)));
  const clearest =
    known.length > 1
      ? known
      : tips
          .filter(({ score }, at) => at === 0 || (at < 4 && score > 0.75))
          .flatMap((tip) => outlineOf(map, tip, [-1, 1]) ?? []);
  const way = median(clearest.map(({ angle }) => angle));
  const found: Outline[] = [];
  for (const tip of tips) {
    const outline = outlineOf(map, tip, [way - mostLean, way + mostLean]);
    if (outline && !found.some((other) => within(other, outline))) found.push(outline);
  }
  return found.slice(0, mostOutlines);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return ((sorted[half] ?? 0) + (sorted[sorted.length - 1 - half] ?? 0)) / 2;
}

function boxOf({ x, y, angle, halfWidth, length }: Outline): TurnedBox {
  // Cells are counted by their middles, pixels by their corners.
  const down = length / 2;
  return {
    centreX: (x - Math.sin(angle) * down + 0.5) * cellPx,
    centreY: (y + Math.cos(angle) * down + 0.5) * cellPx,
    widthPx: 2 * halfWidth * cellPx,
    heightPx: length * cellPx,
    angle,
  };
}

function clarityOf({ filled, contrast }: Outline): number {
  return Math.round(100 * Math.min(1, filled) * Math.min(1, contrast / 40));
}

/** Whether more of a box lies off the image than a rim. */
function leaves({ centreX, centreY, widthPx, heightPx, angle }: TurnedBox, image: GreyImage): boolean {
  const across = (Math.abs(Math.cos(angle)) * widthPx + Math.abs(Math.sin(angle)) * heightPx) / 2 - rimPx;
  const down = (Math.abs(Math.sin(angle)) * widthPx + Math.abs(Math.cos(angle)) * heightPx) / 2 - rimPx;
  return centreX < across || centreY < down || centreX > image.widthPx - across || centreY > image.heightPx - down;
}
