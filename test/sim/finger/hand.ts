import type { FingerPosition } from '../../../main/contract/biometrics.ts';
import { normal, stream } from './random.ts';

const pxPerMm = 500 / 25.4;

/** One finger of a drawn hand as it would lie straight up; pixels at 500 dpi. */
export interface HandFinger {
  readonly position: FingerPosition;
  /** The number by which `drawFinger` knows its ridges. */
  readonly finger: number;
  /** How far its tip lies below that of the middle finger. */
  readonly tipDrop: number;
  /** Half the width of the skin that touches, and its length from the tip to the first, second and last crease. */
  readonly halfWidth: number;
  readonly creases: readonly [number, number, number];
}

/** Millimetres and their deviations: how far tips lie back, what touches in width, lengths to the three creases. */
interface Build {
  readonly dropMm: readonly [number, number];
  readonly widthMm: number;
  readonly creasesMm: readonly [number, number, number];
}

/**
 * Lengths and tips of fingers held together after Chatzioglou, Pinar and Govsa (2024): the index ends 10.7 (4.1) mm and the ring
 * finger 10.8 (1.4) mm below the middle finger, the little finger 25.6 (2.7) mm below the ring finger. Widths and creases are ours.
 */
const builds = {
  index: { dropMm: [10.7, 4.1], widthMm: 15, creasesMm: [23, 43, 63.9] },
  middle: { dropMm: [0, 0], widthMm: 15.6, creasesMm: [24.5, 48, 70.7] },
  ring: { dropMm: [10.8, 1.4], widthMm: 14.8, creasesMm: [24, 46, 65.5] },
  little: { dropMm: [36.4, 3], widthMm: 12.6, creasesMm: [20.5, 36.5, 53.3] },
  thumb: { dropMm: [0, 2], widthMm: 19, creasesMm: [28, 49.5, 60] },
} as const satisfies Record<string, Build>;

/** The fingers of a person's hand from the index on, or both thumbs, the left one first; `scale` 1 is an adult of middling size. */
export function handOf(person: number, hand: 'left' | 'right' | 'thumbs', scale: number): HandFinger[] {
  const names = hand === 'thumbs' ? (['thumb', 'thumb'] as const) : (['index', 'middle', 'ring', 'little'] as const);
  return names.map((name, order) => {
    const side = hand === 'thumbs' ? (order === 0 ? 'left' : 'right') : hand;
    const random = stream(person, 6, side === 'left' ? 0 : 1, order);
    const { dropMm, widthMm, creasesMm } = builds[name];
    const stretch = 1 + 0.05 * normal(random);
    const [first, second, last] = creasesMm.map((mm) => mm * pxPerMm * scale * stretch * (1 + 0.03 * normal(random)));
    return {
      position: `${side}-${name}`,
      finger: 1_000_000 + person * 10 + (side === 'left' ? 5 : 0) + (hand === 'thumbs' ? 4 : order),
      tipDrop: (dropMm[0] + dropMm[1] * normal(random)) * pxPerMm * scale,
      halfWidth: 0.5 * widthMm * pxPerMm * scale * (1 + 0.06 * normal(random)),
      creases: [first ?? 0, second ?? 0, last ?? 0],
    };
  });
}
