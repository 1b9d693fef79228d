import type { Stroke } from './band-finder.ts';
import { type Bend, followBend, type Ink } from './line-bend.ts';
import { type Plane, sample } from './plane.ts';

const stripHeightPx = 64;
/** The strip's height in heights of the stroke: above and below it nothing of the next lines is seen. */
const stripHeights = 2.3;
/** The strip by which a bend is found has room for it; in it the next lines are seen as well. */
const roughHeightPx = 48;
const roughHeights = 6;
/** Room beyond both ends of the stroke, in its heights. */
const room = 3;
const lineHeightPx = 48;
const printShare = 0.6;
const marginPx = 16;
const pieces = 12;

/** A straight edge in a strip: its place at the left end and at the right end. */
interface Edge {
  readonly left: number;
  readonly right: number;
}

/**
 * Cuts a line out of the picture and sets it upright, dark on light, evenly lit, 48 pixels high, of which the characters
 * take three fifths; upside down where `flipped`. The print's upper and lower edge are found as straight lines of their own, for a page
 * seen aslant has none that are parallel. Undefined where there is no print to be seen.
 */
export function cutLine(grey: Plane, stroke: Stroke, flipped: boolean): Plane | undefined {
  const axis = flipped ? { ...stroke, x0: stroke.x1, y0: stroke.y1, x1: stroke.x0, y1: stroke.y0 } : stroke;
  const strip = cutStrip(grey, axis, stripHeightPx, stripHeights, bendOf(grey, axis));
  const ink = inkOf(strip);
  const middle = fitMiddle(ink);
  if (!middle) return undefined;
  const edges = fitEdges(ink, middle);
  if (!edges) return undefined;
  const ends = findEnds(ink, edges);
  if (!ends) return undefined;
  return straighten(strip, edges, ends);
}

/** How the line bends about its stroke, as a share of the stroke's height; told by a rough strip that is higher. */
function bendOf(grey: Plane, stroke: Stroke): Bend | undefined {
  const ink = inkOf(cutStrip(grey, stroke, roughHeightPx, roughHeights));
  const printPx = roughHeightPx / roughHeights;
  const bend = followBend(ink, room * printPx, ink.widthPx - room * printPx, printPx);
  return bend && ((place) => bend(place) / printPx);
}

/** The stroke's surroundings, so many of its heights high, turned level and, where it bends, straight, with a little room at both ends. */
function cutStrip(
  grey: Plane,
  { x0, y0, x1, y1, heightPx: strokePx }: Stroke,
  heightPx: number,
  heights: number,
  bend?: Bend,
): Plane {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const step = (strokePx * heights) / heightPx;
  const roomPx = room * strokePx;
  const widthPx = Math.max(pieces, Math.min(4096, Math.ceil((length + 2 * roomPx) / step)));
  const values = new Uint8Array(widthPx * heightPx);
  for (let column = 0; column < widthPx; column++) {
    const along = column * step - roomPx;
    const across = step * (0.5 - heightPx / 2) + (bend ? bend(along / length) * strokePx : 0);
    // What rises towards the lens stays upright in the picture: each column is shifted, none is turned.
    let x = x0 + ux * along - uy * across;
    let y = y0 + uy * along + ux * across;
    for (let at = column; at < values.length; at += widthPx, x -= uy * step, y += ux * step) {
      values[at] = sample(grey, x, y) + 0.5;
    }
  }
  return { widthPx, heightPx, values };
}

/** How dark each point of the strip is against the paper about it: 0 for paper, 1 for black. */
function inkOf({ widthPx, heightPx, values }: Plane): Ink {
  const paper = paperOf({ widthPx, heightPx, values });
  const ink = new Float32Array(values.length);
  for (let row = 0, at = 0; row < heightPx; row++) {
    for (let x = 0; x < widthPx; x++, at++) {
      const value = 1 - values[at]! / Math.max(paper[x]!, 24);
      ink[at] = value > 0.08 ? value : 0;
    }
  }
  return { widthPx, heightPx, values: ink };
}

/** The paper's brightness along the strip: what the brighter points of some columns have in the middle. */
function paperOf({ widthPx, heightPx, values }: Plane): Float32Array {
  const reach = heightPx >> 1;
  const paper = new Float32Array(widthPx);
  const knots: number[] = [];
  const counts = new Uint32Array(256);
  for (let knot = 0; knot * reach < widthPx + reach; knot++) {
    counts.fill(0);
    let total = 0;
    const [from, to] = [Math.max(0, (knot - 1) * reach), Math.min(widthPx, (knot + 1) * reach)];
    for (let row = heightPx >> 3; row < heightPx - (heightPx >> 3); row++) {
      for (let x = from; x < to; x++, total++) counts[values[row * widthPx + x]!]!++;
    }
    let level = 255;
    for (let above = 0; level > 0 && above < total * 0.25; level--) above += counts[level]!;
    knots.push(level);
  }
  for (let x = 0; x < widthPx; x++) {
    const at = x / reach;
    const left = Math.floor(at);
    paper[x] = knots[left]! + (at - left) * ((knots[left + 1] ?? knots[left]!) - knots[left]!);
  }
  return paper;
}

/** The middle of the print along the strip: a straight line through the middles of its pieces, each outlier left out. */
function fitMiddle({ widthPx, heightPx, values }: Ink): Edge | undefined {
  const points: { x: number; y: number; weight: number }[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const [from, to] = [Math.floor((piece * widthPx) / pieces), Math.floor(((piece + 1) * widthPx) / pieces)];
    let [weight, sum] = [0, 0];
    for (let row = 0; row < heightPx; row++) {
      for (let x = from; x < to; x++) {
        const value = values[row * widthPx + x]!;
        weight += value;
        sum += value * row;
      }
    }
    if (weight > 0) points.push({ x: (from + to) / 2 / widthPx, y: sum / weight, weight });
  }
  if (points.length < 4) return undefined;
  const heaviest = Math.max(...points.map(({ weight }) => weight));
  let kept = points.filter(({ weight }) => weight > 0.3 * heaviest);
  let line = fitLine(kept);
  for (let round = 0; round < 2 && line; round++) {
    const { left, right } = line;
    const near = kept.filter(({ x, y }) => Math.abs(left + (right - left) * x - y) < heightPx / 12);
    if (near.length < 4) break;
    kept = near;
    line = fitLine(kept);
  }
  return line;
}

function fitLine(points: readonly { x: number; y: number }[]): Edge | undefined {
  const count = points.length;
  if (count < 2) return undefined;
  const [meanX, meanY] = [
    points.reduce((sum, { x }) => sum + x, 0) / count,
    points.reduce((sum, { y }) => sum + y, 0) / count,
  ];
  let [along, spread] = [0, 0];
  for (const { x, y } of points) {
    along += (x - meanX) * (y - meanY);
    spread += (x - meanX) ** 2;
  }
  const slope = spread > 0 ? along / spread : 0;
  return { left: meanY - slope * meanX, right: meanY + slope * (1 - meanX) };
}

/** The print's upper and lower edge: half as high on one side as on the other it may well be. */
function fitEdges(ink: Ink, middle: Edge): { top: Edge; bottom: Edge } | undefined {
  const halves = [edgesOf(ink, middle, 0, 0.5), edgesOf(ink, middle, 0.5, 1)];
  const [left, right] = halves;
  if (!left || !right) return undefined;
  // Each half's edges hold in its own middle, at a quarter and at three quarters.
  const through = (one: number, other: number): Edge => ({
    left: one - (other - one) / 2,
    right: other + (other - one) / 2,
  });
  const top = through(left.top, right.top);
  const bottom = through(left.bottom, right.bottom);
  return {
    top: { left: middle.left + top.left, right: middle.right + top.right },
    bottom: { left: middle.left + bottom.left, right: middle.right + bottom.right },
  };
}

/** How far the print reaches above and below its middle, in a part of the strip. */
function edgesOf({ widthPx, heightPx, values }: Ink, middle: Edge, from: number, to: number) {
  const profile = new Float32Array(2 * heightPx);
  for (let x = Math.floor(from * widthPx); x < Math.floor(to * widthPx); x++) {
    const centre = middle.left + ((middle.right - middle.left) * x) / widthPx;
    for (let row = 0; row < heightPx; row++) {
      const at = Math.round(row - centre) + heightPx;
      if (at >= 0 && at < profile.length) profile[at]! += values[row * widthPx + x]!;
    }
  }
  const strong = profile.toSorted().at(-8) ?? 0;
  if (strong <= 0) return undefined;
  let [top, bottom] = [heightPx, heightPx];
  while (top > 0 && profile[top - 1]! > strong * 0.3) top--;
  while (bottom < profile.length - 1 && profile[bottom + 1]! > strong * 0.3) bottom++;
  return { top: top - heightPx - 0.5, bottom: bottom - heightPx + 0.5 };
}

/** The first and the last column with print, specks left out. */
function findEnds({ widthPx, heightPx, values }: Ink, { top, bottom }: { top: Edge; bottom: Edge }) {
  const columns = new Float32Array(widthPx);
  for (let x = 0; x < widthPx; x++) {
    const share = x / widthPx;
    const from = Math.max(0, Math.round(top.left + (top.right - top.left) * share));
    const to = Math.min(heightPx - 1, Math.round(bottom.left + (bottom.right - bottom.left) * share));
    for (let row = from; row <= to; row++) columns[x]! += values[row * widthPx + x]!;
  }
  const usual = columns.toSorted()[Math.floor(widthPx * 0.7)]!;
  const height = (bottom.left + bottom.right - top.left - top.right) / 2;
  const around = Math.max(1, Math.round(height / 6));
  const inked = (x: number) => {
    let best = 0;
    for (let at = x; at < Math.min(widthPx, x + around); at++) best += columns[at]!;
    return best / around > usual * 0.35;
  };
  let [left, right] = [0, widthPx - around];
  while (left < widthPx && !inked(left)) left++;
  while (right > left && !inked(right)) right--;
  return right - left > height * 8 ? { left, right: right + around } : undefined;
}

/** The print between its edges as the recogniser wants it: of one height, dark on light, evenly lit. */
function straighten(
  strip: Plane,
  { top, bottom }: { top: Edge; bottom: Edge },
  ends: { left: number; right: number },
): Plane {
  const { widthPx } = strip;
  const at = (edge: Edge, x: number) => edge.left + ((edge.right - edge.left) * x) / widthPx;
  const middle = (ends.left + ends.right) / 2;
  const height = at(bottom, middle) - at(top, middle);
  const zoom = (lineHeightPx * printShare) / height;
  const printed = Math.min(1500, Math.round((ends.right - ends.left) * zoom));
  const outWidthPx = Math.ceil((printed + 2 * marginPx) / 8) * 8;
  const step = (ends.right - ends.left) / printed;
  const paper = paperOf(strip);
  const shares = new Float32Array(outWidthPx * lineHeightPx);
  for (let x = 0; x < outWidthPx; x++) {
    const from = ends.left + (x + 0.5 - marginPx) * step - 0.5;
    const [upper, lower] = [at(top, from), at(bottom, from)];
    const light = Math.max(24, paper[Math.min(widthPx - 1, Math.max(0, Math.round(from)))]!);
    for (let row = 0; row < lineHeightPx; row++) {
      const share = ((row + 0.5) / lineHeightPx - 0.5) / printShare + 0.5;
      shares[row * outWidthPx + x] = sample(strip, from, upper + share * (lower - upper)) / light;
    }
  }
  const darkest = Math.min(0.85, darkestOf(shares));
  const values = new Uint8Array(shares.length);
  for (let at = 0; at < values.length; at++) {
    const value = 30 + (200 * (shares[at]! - darkest)) / (1 - darkest);
    values[at] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return { widthPx: outWidthPx, heightPx: lineHeightPx, values };
}

/** What six hundredths of shares of the paper's brightness stay below, to a thousandth; one at most. */
function darkestOf(shares: Float32Array): number {
  const parts = 1000;
  const counts = new Uint32Array(parts + 1);
  for (const share of shares) counts[Math.min(parts, Math.floor(share * parts))]!++;
  let level = 0;
  for (let below = counts[0]!; level < parts && below <= shares.length * 0.06; below += counts[++level]!);
  return level / parts;
}
