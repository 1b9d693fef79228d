import { type RecordedMinutia } from '../sim/finger/minutiae-record.ts';
import { readRecord } from '../sim/finger/recorded-flow.ts';

/** How far the minutiae of two prints of one finger agree. */
export interface Agreement {
  /** Pairs over the geometric mean of the minutiae that each has where the other has ridges too. */
  readonly repeated: number;
  /** Of each pair: how far apart after the best turn and shift, pixels; by what angle, degrees; whether the kinds differ. */
  readonly apartPx: readonly number[];
  readonly turnDegrees: readonly number[];
  readonly flipped: readonly boolean[];
}

interface Motion {
  readonly turn: number;
  readonly cosine: number;
  readonly sine: number;
  readonly dx: number;
  readonly dy: number;
}

const pairPx = 15;
const pairTurn = 0.5;
const spacingPx = 24;

/** Aligns two records of one finger by the motion of one pair that brings most others together, mended by least squares. */
export function agreementOf(probe: Uint8Array, candidate: Uint8Array): Agreement {
  const [one, other] = [readRecord(probe), readRecord(candidate)];
  let motion = bestMotion(one.minutiae, other.minutiae);
  for (let round = 0; round < 2; round++) motion = fitted(one.minutiae, other.minutiae, motion);
  const pairs = meet(one.minutiae, other.minutiae, motion);
  const ours = one.minutiae.filter((m) => ridgesAt(other, ...moved(m, motion))).length;
  const theirs = other.minutiae.filter((m) => ridgesAt(one, ...movedBack(m, motion))).length;
  return {
    repeated: Math.min(1, pairs.length / Math.max(1, Math.sqrt(ours * theirs))),
    apartPx: pairs.map(([a, b]) => distance(moved(a, motion), b)),
    turnDegrees: pairs.map(([a, b]) => (Math.abs(wrap(angleOf(b) - angleOf(a) - motion.turn)) * 180) / Math.PI),
    flipped: pairs.map(([a, b]) => a.kind !== b.kind),
  };
}

function angleOf({ angle }: RecordedMinutia): number {
  return (-angle * Math.PI) / 128;
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

function moved({ x, y }: RecordedMinutia, { cosine, sine, dx, dy }: Motion): [number, number] {
  return [cosine * x - sine * y + dx, sine * x + cosine * y + dy];
}

function movedBack({ x, y }: RecordedMinutia, { cosine, sine, dx, dy }: Motion): [number, number] {
  return [cosine * (x - dx) + sine * (y - dy), cosine * (y - dy) - sine * (x - dx)];
}

function distance([x, y]: readonly [number, number], to: RecordedMinutia): number {
  return Math.hypot(to.x - x, to.y - y);
}

function ridgesAt({ flow }: ReturnType<typeof readRecord>, x: number, y: number): boolean {
  if (!flow) return false;
  const column = Math.floor(x / spacingPx) - flow.column;
  const row = Math.floor(y / spacingPx) - flow.row;
  return column >= 0 && column < flow.columns && (flow.levels[row * flow.columns + column] ?? 0) > 0;
}

function bestMotion(ours: readonly RecordedMinutia[], theirs: readonly RecordedMinutia[]): Motion {
  let best: Motion = { turn: 0, cosine: 1, sine: 0, dx: 0, dy: 0 };
  let most = 0;
  for (const a of ours) {
    for (const b of theirs) {
      const turn = wrap(angleOf(b) - angleOf(a));
      if (Math.abs(turn) > 1) continue;
      const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
      const dx = b.x - cosine * a.x + sine * a.y;
      const dy = b.y - sine * a.x - cosine * a.y;
      const motion = { turn, cosine, sine, dx, dy };
      const count = countNear(ours, theirs, motion);
      if (count <= most) continue;
      most = count;
      best = motion;
    }
  }
  return best;
}

/** As `near` for each, without a thing allocated: this is done for every pair. */
function countNear(ours: readonly RecordedMinutia[], theirs: readonly RecordedMinutia[], motion: Motion): number {
  const { cosine, sine, dx, dy, turn } = motion;
  let count = 0;
  for (const m of ours) {
    const x = cosine * m.x - sine * m.y + dx;
    const y = sine * m.x + cosine * m.y + dy;
    for (const n of theirs) {
      if (Math.abs(n.x - x) > pairPx || Math.abs(n.y - y) > pairPx) continue;
      if (Math.abs(wrap(angleOf(n) - angleOf(m) - turn)) > pairTurn) continue;
      count++;
      break;
    }
  }
  return count;
}

function near(m: RecordedMinutia, at: readonly [number, number], n: RecordedMinutia, { turn }: Motion): boolean {
  return distance(at, n) < pairPx && Math.abs(wrap(angleOf(n) - angleOf(m) - turn)) < pairTurn;
}

function meet(
  ours: readonly RecordedMinutia[],
  theirs: readonly RecordedMinutia[],
  motion: Motion,
): (readonly [RecordedMinutia, RecordedMinutia])[] {
  const close = ours.flatMap((m) => {
    const at = moved(m, motion);
    return theirs.filter((n) => near(m, at, n, motion)).map((n) => ({ m, n, apart: distance(at, n) }));
  });
  const used = new Set<RecordedMinutia>();
  return close
    .toSorted((a, b) => a.apart - b.apart)
    .flatMap(({ m, n }) => {
      if (used.has(m) || used.has(n)) return [];
      used.add(m).add(n);
      return [[m, n] as const];
    });
}

function fitted(ours: readonly RecordedMinutia[], theirs: readonly RecordedMinutia[], motion: Motion): Motion {
  const pairs = meet(ours, theirs, motion);
  if (pairs.length < 3) return motion;
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [ax, ay] = [mean(([a]) => a.x), mean(([a]) => a.y)];
  const [bx, by] = [mean(([, b]) => b.x), mean(([, b]) => b.y)];
  const dot = mean(([a, b]) => (a.x - ax) * (b.x - bx) + (a.y - ay) * (b.y - by));
  const cross = mean(([a, b]) => (a.x - ax) * (b.y - by) - (a.y - ay) * (b.x - bx));
  const turn = Math.atan2(cross, dot);
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  return { turn, cosine, sine, dx: bx - cosine * ax + sine * ay, dy: by - sine * ax - cosine * ay };
}
