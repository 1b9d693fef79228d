import { fitPolynomial, type Point, valueAt } from './polynomial.ts';
import { characters, type Sighting, sightingWidth } from './recogniser.ts';

/** A line as so many characters: what each may be, and how well it all fits. */
export interface Cells {
  /** A probability per character for each cell, in the order of `characters`. */
  readonly odds: readonly Float32Array[];
  /** Mean over the cells of the surest character's log probability, less what was seen beside the cells: 0 is perfect. */
  readonly fit: number;
  /** The steps of the cells. */
  readonly places: readonly number[];
  /** The cells in which the network saw nothing. */
  readonly empty: readonly number[];
}

/** A character that the network passes over is thought to be seen with this probability. */
const passedOver = 0.02;
/** And filler within a run of filler with this one: the network is prone to pass over it there. */
const passedOverFiller = 0.2;
/** What it costs when a character stands a whole pitch away from where the one before lets expect it. */
const strayCost = 8;
/** What it costs to leave a character that the network sees out of the line. */
const besideCost = 2.5;
/** Where more steps than these have a character beside the cells the line is longer, and part of it covered. */
const mostBeside = 4;
/** Characters do not stand nearer to one another, in pitches. */
const nearest = 0.6;
/** Below this the network is not thought to have seen a character. */
const leastSight = 0.03;
/** What any character has to start with; filler has more, for the same reason. */
const anyOdds = 1e-4;
const fillerOdds = 5e-4;
const fillerOddsInRun = 0.05;

/**
 * Finds `count` characters of even pitch in what the network saw of a line: of all ways to give each a step of its own,
 * in order, the likeliest. That the number is known and the pitch is even (ICAO Doc 9303 part 3, 4.2) makes up for
 * characters that the network passes over or sees twice, and leaves out what it takes for print beside the line.
 * Undefined where there is no room for so many, or where much is left out.
 */
export function alignCells(sighting: Sighting, count: number): Cells | undefined {
  const { steps } = sighting;
  const seen = strengths(sighting);
  const pitches = pitchesOf(sighting);
  // Filler begins no line, but for a date of birth of which nothing is known: it is dust or the edge of the page.
  let best = strengths(sighting, characters.length - 1);
  const from: Int16Array[] = [];
  for (let cell = 1; cell < count; cell++) {
    const next = new Float64Array(steps).fill(-Infinity);
    const came = new Int16Array(steps).fill(-1);
    for (let step = 0; step < steps; step++) {
      const pitch = pitches[step]!;
      const latest = step - Math.ceil(pitch * nearest);
      for (let before = Math.max(0, step - Math.ceil(pitch * 2)); before <= latest; before++) {
        const score = best[before]! - strayCost * ((step - before) / pitch - 1) ** 2;
        if (score > next[step]!) [next[step], came[step]] = [score, before];
      }
      next[step]! += seen[step]!;
    }
    from.push(came);
    best = next;
  }
  const total = Math.max(...best);
  if (total === -Infinity) return undefined;
  const places = [best.indexOf(total)];
  for (const came of from.toReversed()) places.unshift(came[places[0]!]!);
  const beside = seenBeside(sighting, places);
  if (beside > mostBeside) return undefined;
  const fit = (total - besideCost * beside) / count;
  const inRun = fillerRuns(sighting);
  const odds = places.map((_, cell) => oddsOf(sighting, places, cell, inRun));
  const empty = [...places.keys()].filter((cell) => sightOf(sighting, places, cell) < leastSight);
  return { odds, fit, places, empty };
}

/** The log probability of the likeliest of the first so many characters at each step. */
function strengths(sighting: Sighting, count: number = characters.length): Float64Array {
  const { steps, values } = sighting;
  const inRun = fillerRuns(sighting);
  const seen = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    let best = inRun[step] ? passedOverFiller : passedOver;
    for (let index = 1; index <= count; index++) best = Math.max(best, values[step * sightingWidth + index]!);
    seen[step] = Math.log(best);
  }
  return seen;
}

/** The steps whose nearest sure character is filler on either side, or on the left where none follows. */
function fillerRuns({ steps, values }: Sighting): boolean[] {
  const filler = characters.length;
  const after: (boolean | undefined)[] = [];
  const sureOf = (step: number): boolean | undefined => {
    const own = values.subarray(step * sightingWidth, (step + 1) * sightingWidth);
    return own[0]! < 0.5 ? own[filler]! > 0.5 : undefined;
  };
  let next: boolean | undefined;
  for (let step = steps - 1; step >= 0; step--) after[step] = next = sureOf(step) ?? next;
  let last: boolean | undefined;
  return after.map((following, step) => {
    last = sureOf(step) ?? last;
    return last === true && following !== false;
  });
}

/**
 * Steps from one character to the next, at each step: what neighbours have of which the network is sure, smoothly changing
 * along the line, for of a page seen aslant or bent the nearer end is larger.
 */
function pitchesOf({ steps, values }: Sighting): Float64Array {
  const places: number[] = [];
  for (let step = 0, begun = -1; step <= steps; step++) {
    const sure = step < steps && values[step * sightingWidth]! < 0.5;
    if (sure && begun < 0) begun = step;
    if (sure || begun < 0) continue;
    places.push((begun + step - 1) / 2);
    begun = -1;
  }
  const gaps = places.slice(1).map((place, index): Point => [(place + places[index]!) / 2, place - places[index]!]);
  const near = gaps.filter(([, gap]) => gap > usualPitch / 2 && gap < usualPitch * 1.5);
  const curve = near.length < fewestGaps ? [usualPitch] : fitPolynomial(near, near.length < 2 * fewestGaps ? 0 : 1);
  const [first, last] = [near[0]?.[0] ?? 0, near.at(-1)?.[0] ?? 0];
  return Float64Array.from({ length: steps }, (_, step) => {
    const pitch = valueAt(curve, Math.min(last, Math.max(first, step)));
    return Math.min(usualPitch * 1.5, Math.max(usualPitch / 2, pitch));
  });
}

/** How many gaps tell a pitch; one that changes takes twice as many. */
const fewestGaps = 8;

/** OCR-B of size 1 is 2.5 mm high and 2.54 mm apart; 29 pixels high, it takes 3.7 steps a character. */
const usualPitch = 3.7;

/** The steps that are nearer to a cell than to its neighbours, first and last; what is as near to both is shared. */
function stepsOf(places: readonly number[], cell: number): readonly [number, number] {
  const place = places[cell]!;
  return [((places[cell - 1] ?? place - 3) + place) / 2, (place + (places[cell + 1] ?? place + 3)) / 2];
}

/** What a cell may be: the sum over its steps. */
function oddsOf(
  { steps, values }: Sighting,
  places: readonly number[],
  cell: number,
  inRun: readonly boolean[],
): Float32Array {
  const place = places[cell]!;
  const [first, last] = stepsOf(places, cell);
  const odds = new Float32Array(characters.length).fill(anyOdds);
  odds[characters.indexOf('<')] = inRun[place] ? fillerOddsInRun : fillerOdds;
  for (let step = Math.max(0, Math.ceil(first)); step <= Math.min(steps - 1, Math.floor(last)); step++) {
    const share = step !== place && (step === first || step === last) ? 0.5 : 1;
    for (let index = 0; index < odds.length; index++) odds[index]! += share * values[step * sightingWidth + index + 1]!;
  }
  const sum = odds.reduce((total, value) => total + value, 0);
  return odds.map((value) => value / sum);
}

/** How sure the network is, at the best of a cell's steps, that there is any character. */
function sightOf({ steps, values }: Sighting, places: readonly number[], cell: number): number {
  const [first, last] = stepsOf(places, cell);
  let best = 0;
  for (let step = Math.max(0, Math.ceil(first)); step <= Math.min(steps - 1, Math.floor(last)); step++) {
    best = Math.max(best, 1 - values[step * sightingWidth]!);
  }
  return best;
}

/** Steps with a character before the first cell and after the last. */
function seenBeside({ steps, values }: Sighting, places: readonly number[]): number {
  let beside = 0;
  for (let step = 0; step < steps; step++) {
    if (step < places[0]! - 1 || step > places.at(-1)! + 1) beside += 1 - values[step * sightingWidth]!;
  }
  return beside;
}

/** The likeliest character of each cell. */
export function likeliest({ odds }: Cells): string {
  return odds.map((cell) => characters.charAt(cell.indexOf(Math.max(...cell)))).join('');
}
