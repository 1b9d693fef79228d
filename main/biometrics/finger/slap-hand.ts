import { type FingerPosition, slapFingers, type SlapKind } from '../../contract/biometrics.ts';
import type { Outline } from './slap-outline.ts';

/** Outlines taken for fingers, from left to right, and what they are called. */
export interface Hand {
  readonly kind: SlapKind;
  readonly fingers: readonly { readonly position: FingerPosition; readonly outline: Outline }[];
  /** Higher is likelier: logarithmic odds, but for a constant. */
  readonly score: number;
}

/** A finger among its neighbours, cells of 8 pixels at 500 dpi: half width, how far its tip lies back, and that's deviation. */
interface Place {
  readonly halfWidth: number;
  readonly drop: number;
  readonly dropSpread: number;
}

const cellsPerMm = 500 / 25.4 / 8;
const placeOf = (halfWidthMm: number, dropMm: number, spreadMm: number): Place => ({
  halfWidth: halfWidthMm * cellsPerMm,
  drop: dropMm * cellsPerMm,
  dropSpread: spreadMm * cellsPerMm,
});
/**
 * How tips of fingers held together lie: differences after Chatzioglou, Pinar and Govsa (2024), deviations widened, as hands are
 * laid askew.
 */
const places = {
  index: placeOf(7.5, 10.7, 4.6),
  middle: placeOf(7.8, 0, 1.5),
  ring: placeOf(7.4, 10.8, 2.4),
  little: placeOf(6.3, 36.4, 4),
  thumb: placeOf(9.5, 0, 8),
} as const;

/** Deviations, of logarithms unless said otherwise. */
const spread = { scale: 0.16, width: 0.09, gap: 0.09, stretch: 0.2, leanRadians: 0.13, shear: 0.07 } as const;
const usualScale = 0.92;
/** Distance of two tips over the width that lies between. */
const usualStretch = 1.2;
/** What a finger that is seen speaks for itself, at most, and what one that is not seen costs. */
const seen = 14;
const unseen = 2.5;
const againstDeclared = 6;
const mostOff = 4;

/**
 * The likeliest hand of each kind among outlines that may be fingers: every choice of them under every name is tried against
 * how hands are built. `missing` are fingers that are known not to be there. Best first; empty without outlines.
 */
export function findHands(
  outlines: readonly Outline[],
  kinds: readonly SlapKind[],
  missing: ReadonlySet<FingerPosition>,
): Hand[] {
  const best = new Map<SlapKind, Hand>();
  for (const chosen of choices(outlines, 4)) {
    const angle = Math.atan2(
      sum(chosen, (o) => Math.sin(o.angle)),
      sum(chosen, (o) => Math.cos(o.angle)),
    );
    const row = chosen
      .map((outline) => ({ outline, ...turned(outline, angle) }))
      .toSorted((a, b) => a.across - b.across);
    const own = row.reduce(
      (total, { outline }) => total + evidenceOf(outline) - off((outline.angle - angle) / spread.leanRadians),
      0,
    );
    for (const kind of kinds) {
      const names: readonly FingerPosition[] = slapFingers[kind];
      for (const picked of choices(names, names.length)) {
        if (picked.length !== row.length) continue;
        const score =
          own -
          misfit(row, picked, names) -
          names.reduce(
            (cost, name) =>
              cost +
              (picked.includes(name) ? (missing.has(name) ? againstDeclared : 0) : missing.has(name) ? 0 : unseen),
            0,
          );
        if (score > (best.get(kind)?.score ?? -Infinity))
          best.set(kind, {
            kind,
            score,
            fingers: row.map(({ outline }, at) => ({ outline, position: picked[at] ?? 'unknown' })),
          });
      }
    }
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}

/** A tip in the frame of the hand. */
interface Tip {
  readonly across: number;
  readonly down: number;
  readonly outline: Outline;
}

function turned({ x, y }: Outline, angle: number): { across: number; down: number } {
  return { across: Math.cos(angle) * x + Math.sin(angle) * y, down: Math.cos(angle) * y - Math.sin(angle) * x };
}

/** How surely an outline is a finger's. */
function evidenceOf({ score, filled }: Outline): number {
  return seen * Math.min(1, Math.max(0, (score - 0.25) / 0.6)) * Math.min(1, 0.4 + filled) - 4;
}

/** How badly fingers in a row fit the names: half the squares of all residuals over their deviations. */
function misfit(row: readonly Tip[], picked: readonly FingerPosition[], names: readonly FingerPosition[]): number {
  const wanted = picked.map(placeFor);
  const scale = sum(row, ({ outline }) => outline.halfWidth) / sum(wanted, ({ halfWidth }) => halfWidth);
  let cost = off(Math.log(scale / usualScale) / spread.scale);
  for (const [at, { outline }] of row.entries())
    cost += off(Math.log(outline.halfWidth / (scale * wanted[at]!.halfWidth)) / spread.width);
  return cost + gapCost(row, picked, names, scale) + dropCost(row, wanted, scale);
}

/** Neighbours lie side by side, and a finger's room stays free where one is not there. */
function gapCost(
  row: readonly Tip[],
  picked: readonly FingerPosition[],
  names: readonly FingerPosition[],
  scale: number,
): number {
  const stretches = row.slice(1).map(({ across }, at) => {
    let between = 0;
    for (let i = names.indexOf(picked[at]!); i < names.indexOf(picked[at + 1]!); i++)
      between += (placeFor(names[i]!).halfWidth + placeFor(names[i + 1]!).halfWidth) * scale;
    return Math.log(Math.max(0.05, (across - row[at]!.across) / between));
  });
  if (stretches.length === 0) return 0;
  // Two thumbs belong to two hands, which may lie anywhere.
  const loose = picked[0]?.endsWith('thumb') ? 3 : 1;
  const [each, all] = [1 / spread.gap ** 2, 1 / (loose * spread.stretch) ** 2];
  const common = (each * sum(stretches, (s) => s) + all * Math.log(usualStretch)) / (each * stretches.length + all);
  return (
    off((common - Math.log(usualStretch)) * Math.sqrt(all)) +
    sum(stretches, (stretch) => off((stretch - common) / spread.gap))
  );
}

/** What a residual costs, in deviations: half its square at first, never more than `mostOff`, for there are odd hands. */
function off(deviations: number): number {
  const half = 0.5 * deviations * deviations;
  return half / (1 + half / mostOff);
}

/** Tips lie back as they do in hands, but for where the hand lies and a slight slant of the whole: weighted least squares. */
function dropCost(row: readonly Tip[], wanted: readonly Place[], scale: number): number {
  const points = row.map(({ across, down }, at) => ({
    x: across,
    y: down - scale * wanted[at]!.drop,
    weight: 1 / (scale * wanted[at]!.dropSpread) ** 2,
  }));
  const total = sum(points, ({ weight }) => weight);
  const meanX = sum(points, ({ x, weight }) => weight * x) / total;
  const meanY = sum(points, ({ y, weight }) => weight * y) / total;
  const xx = sum(points, ({ x, weight }) => weight * (x - meanX) ** 2) + 1 / spread.shear ** 2;
  const xy = sum(points, ({ x, y, weight }) => weight * (x - meanX) * (y - meanY));
  const shear = xy / xx;
  return (
    off(shear / spread.shear) +
    sum(points, ({ x, y, weight }) => off((y - meanY - shear * (x - meanX)) * Math.sqrt(weight)))
  );
}

function placeFor(position: FingerPosition): Place {
  return places[position.slice(position.indexOf('-') + 1) as keyof typeof places];
}

/** All ways to pick one to `most` of the items, in their order. */
function choices<T>(items: readonly T[], most: number): T[][] {
  const out: T[][] = [];
  const pick = (from: number, picked: T[]): void => {
    if (picked.length > 0) out.push(picked);
    if (picked.length === most) return;
    for (let at = from; at < items.length; at++) pick(at + 1, [...picked, items[at]!]);
  };
  pick(0, []);
  return out;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
