import { readFileSync } from 'node:fs';
import { birthFactors } from '../../main/watchlist/names/birth-date.ts';
import { NameIndex, type NameMatch, type NameQuery } from '../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../main/watchlist/watchlist.ts';
import { type NamePair, readNamePairs } from './name-pairs.ts';

/** Scores below this are not told apart. */
const lowest = 0.6;
const mostPrinted = 200;

/** A pair with its score, and the scores of all other entries that its query found and that nobody called the same. */
interface ScoredPair extends NamePair {
  readonly score: number;
}

/** The pairs with their scores, and what else each query found among all entries. */
export interface Scored {
  readonly pairs: readonly ScoredPair[];
  /** For each query the scores of entries that are not said to be the same. */
  readonly others: readonly (readonly number[])[];
}

const keyOf = (name: NameQuery): string =>
  JSON.stringify([name.surname, name.givenNames, name.birthDate, name.truncated]);

/** Scores the pairs with all entries on one list. Where neither has a birth date the score is the name's alone. */
export function scorePairs(pairs: readonly NamePair[]): Scored {
  const entries = [...new Map(pairs.map(({ listed }) => [keyOf(listed), listed])).entries()];
  const places = new Map(entries.map(([key], at) => [key, at]));
  const index = new NameIndex(entries.map(([, listed]) => listed));
  const queries = Map.groupBy(pairs, ({ asked }) => keyOf(asked));
  const scored: ScoredPair[] = [];
  const others: number[][] = [];
  for (const group of queries.values()) {
    const { asked } = group[0]!;
    const scoreOf = ({ identity, name, score }: NameMatch) =>
      asked.birthDate === '' && entries[identity]![1].birthDate === '' ? name : score;
    const found = new Map(
      index.search(asked, lowest * birthFactors.unknown).map((match) => [match.identity, scoreOf(match)]),
    );
    const placeOf = ({ listed }: NamePair) => places.get(keyOf(listed))!;
    scored.push(...group.map((pair) => ({ ...pair, score: found.get(placeOf(pair)) ?? 0 })));
    const said = new Set(group.filter(({ same }) => same).map(placeOf));
    others.push([...found].filter(([place]) => !said.has(place)).map(([, score]) => score));
  }
  return { pairs: scored, others };
}

const percent = (count: number, of: number) => (of === 0 ? '-' : `${((100 * count) / of).toFixed(2)} %`);

function sweep({ pairs, others }: Scored, threshold: number): string {
  const [same, found] = [pairs.filter((pair) => pair.same), pairs.filter(({ score }) => score >= threshold)];
  const right = found.filter((pair) => pair.same).length;
  const strangers = others.reduce((sum, scores) => sum + scores.filter((score) => score >= threshold).length, 0);
  return (
    `  ${threshold.toFixed(2)}  recall ${percent(right, same.length)}, precision ${percent(right, found.length)}, ` +
    `${(strangers / Math.max(1, others.length)).toFixed(4)} other entries a query`
  );
}

function print(title: string, pairs: readonly ScoredPair[]): void {
  console.log(`${title}: ${pairs.length}`);
  for (const { line, score } of pairs.slice(0, mostPrinted)) console.log(`  ${score.toFixed(3)}  ${line}`);
  if (pairs.length > mostPrinted) console.log(`  and ${pairs.length - mostPrinted} more`);
}

/** Prints recall, precision and false candidates over the thresholds for each file of pairs, and the pairs that come out wrong. */
export async function evaluate(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const scored = scorePairs(readNamePairs(readFileSync(file, 'utf8')));
    console.log(`${file}: ${scored.pairs.length} pairs, ${scored.others.length} queries`);
    for (let hundredths = 70; hundredths <= 95; hundredths += 5) console.log(sweep(scored, hundredths / 100));
    console.log(`at the kiosk's threshold\n${sweep(scored, defaultNameThreshold)}`);
    const worst = scored.pairs.toSorted((a, b) => a.score - b.score);
    print(
      'missed',
      worst.filter(({ same, score }) => same && score < defaultNameThreshold),
    );
    print('taken for the same', worst.filter(({ same, score }) => !same && score >= defaultNameThreshold).toReversed());
  }
}
