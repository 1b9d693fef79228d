import { type Component, findComponents } from './components.ts';
import { darkness, narrow, type Plane, shrink, transpose, widen } from './plane.ts';

/** A line of print in pixels of the picture: the ends of its middle, in reading direction or against it, and its height. */
export interface Stroke {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly heightPx: number;
}

/** Two or three parallel lines that may be a machine readable zone, the one on top first, if it stands upright. */
export interface Band {
  readonly strokes: readonly Stroke[];
  /** Greater for what looks more like a zone. */
  readonly weight: number;
}

/** The sizes at which lines are looked for: the longer side in pixels. */
const sides = [640, 1100, 400];
/** Gaps between characters are closed up to twice this, strokes are told from patches that are wider than twice this. */
const closePx = 9;
const strokePx = 4;
/** Print is looked for once more where it is this much darker: lines behind it that tie lines of it together drop out. */
const darkerShare = 1.7;

/** Bands by decreasing weight; those of one size are given before those of the next are looked for. */
export function* findBands(grey: Plane): Generator<Band> {
  const longer = Math.max(grey.widthPx, grey.heightPx);
  for (const side of sides) {
    const factor = longer / side;
    if (factor < 0.75) continue;
    const small = shrink(grey, factor);
    const scale = Math.max(1, factor);
    const dark = darkness(small, strokePx);
    const level = inkLevel(dark);
    const [rows, columns] = [closeLines(dark), closeLines(transpose(dark))];
    const bands: Band[] = [];
    for (const least of [level, level * darkerShare]) {
      bands.push(...bandsOf(findStrokes(rows, least)), ...bandsOf(findStrokes(columns, least)).map(turnBand));
    }
    yield* bands.toSorted((one, other) => other.weight - one.weight).map((band) => scaleBand(band, scale));
  }
}

/** What counts as print: above half of what the darkest few hundredths of the picture have. */
function inkLevel({ values }: Plane): number {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value]!++;
  let level = 255;
  for (let above = 0; level > 0 && above + counts[level]! < values.length * 0.03; level--) above += counts[level]!;
  return Math.min(90, Math.max(28, level / 2));
}

/** Print closed along the rows, thin lines opened away. */
function closeLines(dark: Plane): Plane {
  const joined = narrow(widen(dark, closePx), closePx);
  return transpose(widen(narrow(transpose(joined), 1), 1));
}

/** Long thin bars of print that lie within 30 degrees of the rows. */
function findStrokes(shapes: Plane, level: number): Stroke[] {
  const bars = findComponents(shapes, level, 60).filter(
    ({ length, thickness, angle }) => thickness >= 3 && length >= 6 * thickness && Math.abs(angle) < Math.PI / 6,
  );
  return join(bars.map(strokeOf));
}

function strokeOf({ x, y, angle, length, area }: Component): Stroke {
  const [dx, dy] = [(Math.cos(angle) * length) / 2, (Math.sin(angle) * length) / 2];
  return { x0: x - dx, y0: y - dy, x1: x + dx, y1: y + dy, heightPx: area / length };
}

function lengthOf({ x0, y0, x1, y1 }: Stroke): number {
  return Math.hypot(x1 - x0, y1 - y0);
}

/** Where a point lies seen from the middle of a stroke: along it and across it, downwards. */
function seenFrom({ x0, y0, x1, y1 }: Stroke, x: number, y: number): { along: number; across: number } {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const [dx, dy] = [x - (x0 + x1) / 2, y - (y0 + y1) / 2];
  return { along: dx * ux + dy * uy, across: dy * ux - dx * uy };
}

function alike(one: Stroke, other: Stroke): boolean {
  const turn = Math.atan2(one.y1 - one.y0, one.x1 - one.x0) - Math.atan2(other.y1 - other.y0, other.x1 - other.x0);
  const ratio = one.heightPx / other.heightPx;
  return Math.abs(turn) < 0.16 && ratio > 0.55 && ratio < 1.8;
}

/** Pieces of one line, which glare or a fold has parted, become one. */
function join(strokes: readonly Stroke[]): Stroke[] {
  const lines = strokes.toSorted((one, other) => lengthOf(other) - lengthOf(one));
  for (let at = 0; at < lines.length; at++) {
    for (let other = lines.length - 1; other > at; other--) {
      const [one, piece] = [lines[at]!, lines[other]!];
      const ends = [seenFrom(one, piece.x0, piece.y0), seenFrom(one, piece.x1, piece.y1)];
      const gap = Math.min(...ends.map(({ along }) => Math.abs(along))) - lengthOf(one) / 2;
      const level = ends.every(({ across }) => Math.abs(across) < one.heightPx * 0.8);
      if (!level || !alike(one, piece) || gap < 0 || gap > 0.3 * lengthOf(one)) continue;
      const heightPx = Math.max(one.heightPx, piece.heightPx);
      lines[at] =
        ends[0]!.along > 0
          ? { ...one, x1: piece.x1, y1: piece.y1, heightPx }
          : { ...one, x0: piece.x0, y0: piece.y0, heightPx };
      lines.splice(other, 1);
    }
  }
  return lines;
}

/** The line below another as a zone has it: spaced 6.35 mm where the print is 2.5 mm high (ICAO Doc 9303 part 3, 4.2). */
function isNext(upper: Stroke, lower: Stroke): boolean {
  if (!alike(upper, lower)) return false;
  const ends = [seenFrom(upper, lower.x0, lower.y0), seenFrom(upper, lower.x1, lower.y1)] as const;
  const height = (upper.heightPx + lower.heightPx) / 2;
  const apart = (ends[0].across + ends[1].across) / 2 / height;
  const half = lengthOf(upper) / 2;
  const overlap = Math.min(half, ends[1].along) - Math.max(-half, ends[0].along);
  return apart > 1.3 && apart < 4.5 && overlap > 0.65 * Math.max(lengthOf(upper), lengthOf(lower));
}

/** Pairs and triples of lines, the longer the weightier. */
function bandsOf(strokes: readonly Stroke[]): Band[] {
  const bands: Band[] = [];
  for (const first of strokes) {
    for (const second of strokes) {
      if (!isNext(first, second)) continue;
      bands.push(bandOf([first, second]));
      for (const third of strokes) if (isNext(second, third)) bands.push(bandOf([first, second, third]));
    }
  }
  return bands;
}

function bandOf(strokes: readonly Stroke[]): Band {
  const lengths = strokes.map(lengthOf);
  const height = strokes.reduce((sum, { heightPx }) => sum + heightPx, 0) / strokes.length;
  const even = Math.min(...lengths) / Math.max(...lengths);
  // Print of a zone is 30 to 44 characters long; 25 heights at least.
  const slender = Math.min(1, Math.min(...lengths) / height / 20);
  return { strokes, weight: lengths.reduce((sum, length) => sum + length, 0) * even * slender ** 2 };
}

/** A band of the transposed picture in the picture itself: its lines read downwards, the first one is the rightmost. */
function turnBand({ strokes, weight }: Band): Band {
  const turned = strokes.map(({ x0, y0, x1, y1, heightPx }) => ({ x0: y0, y0: x0, x1: y1, y1: x1, heightPx }));
  return { strokes: turned.toReversed(), weight };
}

function scaleBand({ strokes, weight }: Band, scale: number): Band {
  const place = (at: number) => (at + 0.5) * scale - 0.5;
  const scaled = strokes.map(({ x0, y0, x1, y1, heightPx }) => ({
    x0: place(x0),
    y0: place(y0),
    x1: place(x1),
    y1: place(y1),
    heightPx: heightPx * scale,
  }));
  return { strokes: scaled, weight };
}
