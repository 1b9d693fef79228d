import { packCoreDelta, type RecordedSingularities, type RecordedSingularity } from './core-delta.ts';
import { directionAt, type Flow, layFlow } from './flow.ts';
import { type RecordedMinutia, writeRecord } from './minutiae-record.ts';
import { flowLevels, flowSpacingPx, packFlow, type RecordedFlow } from './recorded-flow.ts';
import { drawOutline, outwards } from './outline.ts';
import { drawPattern, type Pattern, type Singularity } from './pattern.ts';
import { directionOnGlass, drawPlacement, type Placement, toFinger, toGlass } from './placement.ts';
import { normal, stream } from './random.ts';
import { scatterMinutiae, type TrueMinutia } from './scatter.ts';

/** Which finger and which of its impressions; the image that is never drawn is of this size, pixels at 500 dpi. */
export interface TemplateDrawing {
  readonly finger: number;
  readonly impression: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** How hard the impression is: 0 clean; drawn as among real ones when not said. */
  readonly hardness?: number;
}

interface Finger {
  readonly pattern: Pattern;
  readonly flow: Flow;
  readonly minutiae: readonly TrueMinutia[];
}

const borderPx = 14;
const pixelsPerCm = 197;
const squarePxPerSquareMm = 387.5;

const lately = { number: NaN, finger: undefined as Finger | undefined };

function fingerOf(number: number): Finger {
  if (lately.number === number && lately.finger) return lately.finger;
  const random = stream(number, 21);
  const pattern = drawPattern(random);
  const flow = layFlow(pattern, flowSpacingPx);
  const finger = { pattern, flow, minutiae: scatterMinutiae(flow, 9 + 0.5 * normal(random), random) };
  lately.number = number;
  lately.finger = finger;
  return finger;
}

/** How clear each sample of the raster is, 0 to 1; 0 where no ridges are seen. */
interface Sight {
  readonly columns: number;
  readonly rows: number;
  readonly clarity: Float32Array;
  readonly direction: Float32Array;
}

/**
 * A template of a finger that never was, without an image: ridge flow of its class, minutiae that fit the flow, and what an
 * impression does to them (placed, pulled, cut off, overlooked, imagined, shaken), as measured on extracted ones. The bytes
 * are a record as the addon writes it. The same drawing always gives the same bytes; another finger another finger.
 */
export function drawTemplate(drawing: TemplateDrawing): Uint8Array {
  const { finger: number, impression, widthPx = 388, heightPx = 374 } = drawing;
  const finger = fingerOf(number);
  const random = stream(number, 22, impression);
  const drawnHardness = -0.45 * Math.log(1 - random());
  const hardness = Math.min(1.6, drawing.hardness ?? drawnHardness);
  const placement = drawPlacement(random, 26 + 12 * hardness, 0.14 + 0.06 * hardness, 5 + 5 * hardness);
  const sight = look(finger.flow, placement, widthPx, heightPx, hardness, random);
  const minutiae = [
    ...seen(finger.minutiae, placement, sight, widthPx, heightPx, random),
    ...imagined(sight, widthPx, heightPx, random),
  ].slice(0, 128);
  minutiae.sort((a, b) => a.y - b.y || a.x - b.x);
  return writeRecord({
    widthPx,
    heightPx,
    xResolution: pixelsPerCm,
    yResolution: pixelsPerCm,
    position: 0,
    quality: qualityOf(sight, minutiae.length),
    minutiae,
    extended: Buffer.concat([packCoreDelta(turns(finger, placement, sight, widthPx, heightPx)), record(sight, random)]),
  });
}

function look(
  flow: Flow,
  placement: Placement,
  widthPx: number,
  heightPx: number,
  hardness: number,
  random: () => number,
): Sight {
  const small = Math.max(0.6, 1 - 0.14 * hardness * random());
  const outline = drawOutline(random, 142 * small, 182 * small, 14 + 10 * hardness);
  const columns = Math.max(1, Math.floor(widthPx / flowSpacingPx + 0.5));
  const rows = Math.max(1, Math.floor(heightPx / flowSpacingPx + 0.5));
  const clarity = new Float32Array(columns * rows);
  const direction = new Float32Array(columns * rows);
  const base = 0.78 - 0.26 * hardness + 0.05 * normal(random);
  const patchiness = 0.28 + 0.12 * hardness;
  // Knots of the unevenness every two samples.
  const across = (columns >> 1) + 2;
  const knots = Float32Array.from({ length: across * ((rows >> 1) + 2) }, () => 2 * random() - 1);
  const point = new Float64Array(2);
  const ridges = (x: number, y: number): number => directionAt(flow, x, y);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) * flowSpacingPx - widthPx / 2;
      const y = (row + 0.5) * flowSpacingPx - heightPx / 2;
      toFinger(placement, x, y, point);
      const out = outwards(outline, point[0] ?? 0, point[1] ?? 0);
      if (out > 1) continue;
      const at = row * columns + column;
      const knot = (row >> 1) * across + (column >> 1);
      const [a = 0, b = 0] = [knots[knot], knots[knot + (column & 1)]];
      const [c = 0, d = 0] = [knots[knot + across * (row & 1)], knots[knot + across * (row & 1) + (column & 1)]];
      const rim = Math.min(1, (1.15 - out) * 4);
      const clear = (base + patchiness * ((a + b + c + d) / 2.6)) * rim;
      if (clear < -0.1) continue;
      clarity[at] = Math.max(0.03, Math.min(0.98, clear));
      direction[at] = directionOnGlass(placement, x, y, ridges, point);
    }
  }
  return { columns, rows, clarity, direction };
}

function sampleAt({ columns, rows }: Sight, x: number, y: number): number {
  const column = Math.min(columns - 1, (x / flowSpacingPx) | 0);
  const row = Math.min(rows - 1, (y / flowSpacingPx) | 0);
  return row * columns + column;
}

/** Whether ridges are seen all about a point, as far as minutiae need them to be. */
function inside(sight: Sight, x: number, y: number, widthPx: number, heightPx: number): boolean {
  if (x < borderPx || y < borderPx || x >= widthPx - borderPx || y >= heightPx - borderPx) return false;
  for (const dx of [-borderPx, borderPx])
    for (const dy of [-borderPx, borderPx]) if (!sight.clarity[sampleAt(sight, x + dx, y + dy)]) return false;
  return true;
}

function seen(
  minutiae: readonly TrueMinutia[],
  placement: Placement,
  sight: Sight,
  widthPx: number,
  heightPx: number,
  random: () => number,
): RecordedMinutia[] {
  const found: RecordedMinutia[] = [];
  const point = new Float64Array(2);
  for (const minutia of minutiae) {
    toGlass(placement, minutia.x, minutia.y, point);
    const x = (point[0] ?? 0) + widthPx / 2;
    const y = (point[1] ?? 0) + heightPx / 2;
    if (!inside(sight, x, y, widthPx, heightPx)) continue;
    const clear = sight.clarity[sampleAt(sight, x, y)] ?? 0;
    if (random() > 0.66 + 0.4 * Math.min(0.65, clear) + 0.3 * (minutia.clear - 0.5)) continue;
    const angle = directionOnGlass(placement, x - widthPx / 2, y - heightPx / 2, () => minutia.angle, point);
    const shake = 1.1 + 1.6 * (1 - clear);
    const flips = random() < 0.1 + 0.5 * (1 - minutia.clear) * (1.2 - clear);
    found.push({
      kind: flips ? (minutia.kind === 1 ? 2 : 1) : minutia.kind,
      x: Math.round(x + shake * normal(random)),
      y: Math.round(y + shake * normal(random)),
      angle: toByte(angle + (0.035 + 0.065 * (1 - clear)) * normal(random)),
      quality: toQuality(clear, random),
    });
  }
  return found;
}

/** Breaks, bridges and noise taken for minutiae, mostly where the print is unclear; along the ridges like any. */
function imagined(sight: Sight, widthPx: number, heightPx: number, random: () => number): RecordedMinutia[] {
  const found: RecordedMinutia[] = [];
  for (let row = 0; row < sight.rows; row++) {
    for (let column = 0; column < sight.columns; column++) {
      const at = row * sight.columns + column;
      const clear = sight.clarity[at] ?? 0;
      if (!clear || random() > 0.01 + 0.16 * (1 - clear) * (1 - clear)) continue;
      const x = (column + random()) * flowSpacingPx;
      const y = (row + random()) * flowSpacingPx;
      if (!inside(sight, x, y, widthPx, heightPx)) continue;
      const back = random() < 0.5 ? Math.PI : 0;
      found.push({
        kind: random() < 0.6 ? 1 : 2,
        x: Math.round(x),
        y: Math.round(y),
        angle: toByte((sight.direction[at] ?? 0) + back + 0.12 * normal(random)),
        quality: toQuality(0.75 * clear, random),
      });
    }
  }
  return found;
}

/** Cores and deltas as they lie on the glass, where ridges are seen; at most two of each, as the addon gives them. */
function turns(
  { pattern, flow }: Finger,
  placement: Placement,
  sight: Sight,
  widthPx: number,
  heightPx: number,
): RecordedSingularities {
  const point = new Float64Array(2);
  const laid = (all: readonly Singularity[], sign: 1 | -1): RecordedSingularity[] =>
    all.flatMap(({ x: onFingerX, y: onFingerY }) => {
      toGlass(placement, onFingerX, -onFingerY, point);
      const [glassX = 0, glassY = 0] = point;
      const [x, y] = [Math.round(glassX + widthPx / 2), Math.round(glassY + heightPx / 2)];
      if (!inside(sight, x, y, widthPx, heightPx)) return [];
      const angles = leaving(flow, onFingerX, -onFingerY, sign).map((angle) =>
        toByte(directionOnGlass(placement, glassX, glassY, () => angle, point)),
      );
      return [{ x, y, angles }];
    });
  return { cores: laid(pattern.cores, 1).slice(0, 2), deltas: laid(pattern.deltas, -1).slice(0, 2) };
}

/** The ways ridges leave a core (sign 1) or a delta (-1): where they run as they are seen from it. */
function leaving(flow: Flow, x: number, y: number, sign: 1 | -1): number[] {
  let cosine = 0;
  let sine = 0;
  for (let seen = 0; seen < 2 * Math.PI; seen += Math.PI / 8) {
    const direction = directionAt(flow, x + flowSpacingPx * Math.cos(seen), y + flowSpacingPx * Math.sin(seen));
    cosine += Math.cos(2 * direction - sign * seen);
    sine += Math.sin(2 * direction - sign * seen);
  }
  const phase = Math.atan2(sine, cosine);
  return sign === 1 ? [phase] : [0, 1, 2].map((third) => (phase + 2 * Math.PI * third) / 3);
}

function toByte(angle: number): number {
  return Math.round((-angle * 128) / Math.PI) & 255;
}

function toQuality(clear: number, random: () => number): number {
  return Math.max(1, Math.min(100, Math.round(100 * (0.85 * clear + 0.13 * normal(random)))));
}

/** The ridge flow as the addon thins it out: the smallest part of the raster that holds all that is known. */
function record(sight: Sight, random: () => number): Uint8Array {
  let left = sight.columns;
  let right = -1;
  let top = sight.rows;
  let bottom = -1;
  for (let row = 0; row < sight.rows; row++) {
    for (let column = 0; column < sight.columns; column++) {
      if (!sight.clarity[row * sight.columns + column]) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = row;
    }
  }
  if (right < 0) return Uint8Array.of();
  const columns = right - left + 1;
  const rows = bottom - top + 1;
  const levels = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (top + row) * sight.columns + left + column;
      const clear = sight.clarity[at] ?? 0;
      if (!clear) continue;
      const unsure = 1 - clear;
      const angle = (sight.direction[at] ?? 0) + (0.02 + 0.08 * unsure * unsure) * normal(random);
      const step = Math.round((angle / Math.PI) * flowLevels);
      levels[row * columns + column] = (((step % flowLevels) + flowLevels) % flowLevels) + 1;
    }
  }
  const flow: RecordedFlow = { column: left, row: top, columns, rows, levels };
  return packFlow(flow);
}

/** The extractor's own quality of such a print: by area, clarity and count of minutiae. */
function qualityOf({ clarity }: Sight, minutiae: number): number {
  let sum = 0;
  let known = 0;
  for (const clear of clarity) {
    sum += clear;
    if (clear) known++;
  }
  const ramp = (value: number, low: number, high: number): number =>
    Math.max(0, Math.min(1, (value - low) / (high - low)));
  const size = ramp((known * flowSpacingPx * flowSpacingPx) / squarePxPerSquareMm, 30, 180);
  const clear = ramp(sum / Math.max(1, known), 0.25, 0.75);
  return Math.round(100 * Math.sqrt(size * ramp(minutiae, 4, 24)) * clear);
}
