import { basename } from 'node:path';
import { defaultFingerThreshold, extractFinger, searchFingers } from '../../main/biometrics/finger/finger.ts';
import { findFingers, type SegmentedSlap, segmentSlap } from '../../main/biometrics/finger/slap.ts';
import type { FingerPosition, FingerTemplate, SlapKind } from '../../main/contract/biometrics.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { type DrawnSlap, drawSlap, type SlapDrawing } from '../sim/finger/draw-slap.ts';
import { type SlapCondition, slapConditions } from '../sim/finger/slap-condition.ts';
import type { EvaluateOptions } from './evaluate.ts';
import { progress } from './finger-folder.ts';
import { pasteSlaps } from './pasted-slaps.ts';
import { edgeErrors, foundIn, within } from './slap-agreement.ts';

/** Persons from here on are drawn for evaluation only. */
const firstPerson = 20_000;
const usualCount = 120;
const four = ['index', 'middle', 'ring', 'little'] as const;

/** What one slap came to. */
interface Outcome {
  readonly condition: string;
  readonly counted: boolean;
  readonly hand: 'right' | 'unknown' | 'wrong';
  /** Whether some finger was not there. */
  readonly incomplete: boolean;
  readonly confidence: number;
  readonly boxes: number;
  /** Undefined where the truth of boxes is not known to the pixel. */
  readonly placed: number | undefined;
  readonly named: number;
  /** Processor time of finding, where taken. */
  readonly ms: number | undefined;
}

/**
 * Measures how slaps are taken apart: drawn ones, and, of each folder of images of fingers (as for `fingerprint`), such as are
 * pasted of real prints. Prints a table by condition, and how segments compare with their fingers drawn alone.
 */
export async function evaluate(dirs: readonly string[], options: EvaluateOptions): Promise<void> {
  const count = options.count ?? usualCount;
  const outcomes: Outcome[] = [];
  const pairs: {
    readonly condition: string;
    readonly segment: FingerTemplate;
    readonly alone: FingerTemplate;
    readonly finger: number;
  }[] = [];
  for (let at = 0; at < count; at++) {
    const drawing = drawingOf(at);
    const slap = drawSlap(drawing);
    const kind: SlapKind = drawing.hand === 'thumbs' ? 'thumbs' : `${drawing.hand}-four`;
    const startedMs = process.cpuUsage().user;
    findFingers(slap.image, { kind });
    const ms = (process.cpuUsage().user - startedMs) / 1000;
    const found = await segmentSlap(slap.image, { kind });
    outcomes.push(outcomeOf(drawing.condition ?? '', drawing.hand, slap, found, ms));
    for (const truth of slap.fingers) {
      const segment = foundIn(found.fingers, truth);
      if (!segment) continue;
      const alone = await extractFinger(
        drawFinger({ finger: truth.finger, impression: 9, widthPx: 416, heightPx: 500, dpi: 500 }),
      );
      pairs.push({
        condition: drawing.condition ?? '',
        segment: segment.template,
        alone: alone.template,
        finger: truth.finger,
      });
    }
    progress(`slap ${at + 1} of ${count}`, at + 1, count);
  }
  report(outcomes);
  await compare(pairs);
  for (const dir of dirs) {
    const pasted: Outcome[] = [];
    for await (const { hand, slap } of pasteSlaps(dir))
      pasted.push(
        outcomeOf(basename(dir), hand, slap, await segmentSlap(slap.image, { kind: `${hand}-four` }), undefined),
      );
    console.log(`\npasted of real prints: ${basename(dir)}`);
    report(pasted);
  }
}

function drawingOf(at: number): SlapDrawing & { readonly condition: SlapCondition } {
  const condition = slapConditions[at % slapConditions.length] ?? 'usual';
  const side = Math.floor(at / slapConditions.length) % 2 === 0 ? 'right' : 'left';
  const hand = at % 29 === 3 ? 'thumbs' : side;
  const name = (which: number): FingerPosition => `${side}-${four[Math.floor(which) % 4] ?? 'index'}`;
  // Every fifth slap lacks a finger, every eleventh two.
  const absent = at % 5 === 4 ? [name(at / 5)] : at % 11 === 7 ? [name(at), name(at + 1 + (at % 3))] : [];
  return { person: firstPerson + at, impression: 1, hand, condition, absent: hand === 'thumbs' ? [] : absent };
}

function outcomeOf(
  condition: string,
  hand: string,
  slap: DrawnSlap,
  found: SegmentedSlap,
  ms: number | undefined,
): Outcome {
  const matches = slap.fingers.map((truth) => ({ truth, finger: foundIn(found.fingers, truth) }));
  return {
    condition,
    counted: found.fingers.length === slap.fingers.length,
    hand: hand === 'thumbs' || found.hand === hand ? 'right' : found.hand === 'unknown' ? 'unknown' : 'wrong',
    incomplete: hand !== 'thumbs' && slap.fingers.length < 4,
    confidence: found.confidence,
    boxes: slap.fingers.length,
    placed:
      ms === undefined
        ? undefined
        : matches.filter(({ truth, finger }) => finger && within(edgeErrors(finger.box, truth))).length,
    named: matches.filter(({ truth, finger }) => finger?.position === truth.position).length,
    ms,
  };
}

function report(outcomes: readonly Outcome[]): void {
  console.log('condition       slaps  count right  hand right  unknown  wrong  boxes  within tolerance  named');
  const line = (name: string, of: readonly Outcome[]): void => {
    const hands = (what: Outcome['hand']): number => of.filter(({ hand }) => hand === what).length;
    const total = (what: 'boxes' | 'placed' | 'named'): number =>
      of.reduce((sum, outcome) => sum + (outcome[what] ?? 0), 0);
    const cells = [
      of.length,
      of.filter(({ counted }) => counted).length,
      hands('right'),
      hands('unknown'),
      hands('wrong'),
    ];
    const widths = [5, 11, 10, 7, 5, 5, 16, 5];
    const all = [
      ...cells,
      total('boxes'),
      of.some(({ placed }) => placed === undefined) ? '-' : total('placed'),
      total('named'),
    ];
    console.log(name.padEnd(14) + all.map((cell, at) => `${cell}`.padStart((widths[at] ?? 5) + 2)).join(''));
  };
  for (const condition of new Set(outcomes.map(({ condition }) => condition)))
    line(
      condition,
      outcomes.filter((outcome) => outcome.condition === condition),
    );
  line('all', outcomes);
  line(
    'all complete',
    outcomes.filter(({ incomplete }) => !incomplete),
  );
  const times = outcomes.flatMap(({ ms }) => ms ?? []).toSorted((a, b) => a - b);
  if (times.length > 0)
    console.log(
      `processor time of finding, ms: median ${times[times.length >> 1]?.toFixed(0)}, most ${times.at(-1)?.toFixed(0)}`,
    );
}

async function compare(
  pairs: readonly { condition: string; segment: FingerTemplate; alone: FingerTemplate; finger: number }[],
): Promise<void> {
  console.log('\ncondition      segments  genuine below the threshold  impostors from the threshold on');
  const impostors = await Promise.all(
    pairs.map(({ segment }) =>
      searchFingers(
        segment,
        pairs.map(({ alone }) => alone),
      ),
    ),
  );
  const line = (name: string, chosen: (at: number) => boolean): void => {
    const some = pairs.map((_, at) => at).filter(chosen);
    const missed = some.filter((at) => (impostors[at]?.[at] ?? 0) < defaultFingerThreshold).length;
    let accepted = 0;
    let tried = 0;
    for (const at of some)
      for (const [other, score] of (impostors[at] ?? []).entries()) {
        if (pairs[other]?.finger === pairs[at]?.finger) continue;
        tried++;
        if (score >= defaultFingerThreshold) accepted++;
      }
    console.log(
      `${name.padEnd(14)} ${`${some.length}`.padStart(8)}  ${`${missed}`.padStart(27)}  ${`${accepted} of ${tried}`.padStart(31)}`,
    );
  };
  for (const condition of new Set(pairs.map(({ condition }) => condition)))
    line(condition, (at) => pairs[at]?.condition === condition);
  line('all', () => true);
}
