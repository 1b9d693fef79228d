import { type ListedIdentity, NameIndex } from '../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../main/watchlist/watchlist.ts';
import { drawCrowd } from '../sim/names/crowd.ts';
import { foreigners, misspelt, type Question, strangers } from '../sim/names/questions.ts';
import { synthesize } from '../sim/names/random.ts';
import type { EvaluateOptions } from './evaluate.ts';

/** How many of the best are looked at for the one asked for. */
const best = 20;
const travellers = 2000;
/** Candidates are taken from this score on. */
const lowest = 0.65;

/** What came of a question: the score of the one asked for, 0 where it was not among the best. */
interface Answer {
  readonly kind: string;
  readonly score: number;
}

const half = <T>(list: readonly T[], which: 0 | 1) => list.filter((_, at) => at % 2 === which);
const share = (count: number, of: number) => (of === 0 ? '-' : (count / of).toFixed(4));

function recall(of: readonly Answer[], threshold: number): string {
  return share(of.filter(({ score }) => score >= threshold).length, of.length);
}

/** False candidates a traveller, and the share of travellers who have any. */
function falseEach(of: readonly (readonly number[])[], threshold: number): string {
  const counts = of.map((scores) => scores.filter((score) => score >= threshold).length);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return `${share(all, of.length)} (${share(counts.filter((count) => count > 0).length, of.length)})`;
}

/** Tells whether two identities have the same name and birth date: nothing tells them apart. */
function namesakes(listed: readonly ListedIdentity[]): (a: number, b: number) => boolean {
  const key = (identity: number) => JSON.stringify(listed[identity]);
  return (a, b) => a === b || key(a) === key(b);
}

/**
 * Draws a list (`--count`, else 100,000) and prints how often those who are on it are found, and who is found who is not, by
 * threshold: tuned on one half of the questions, stated on the other.
 */
export async function evaluate(_: readonly string[], { count = 100_000 }: EvaluateOptions): Promise<void> {
  const random = synthesize(2026);
  const crowd = drawCrowd(count, random);
  const foreign = foreigners(crowd.length, random);
  const listed = [...crowd, ...foreign.listed];
  const index = new NameIndex(listed);
  const same = namesakes(listed);
  const ask = ({ kind, query, identity }: Question): Answer => {
    const matches = index.search(query, lowest, 2 * best);
    const own = matches.find((match) => same(match.identity, identity));
    const ahead = own
      ? matches.filter((match) => match.score > own.score && !same(match.identity, identity)).length
      : best;
    return { kind, score: ahead < best ? (own?.score ?? 0) : 0 };
  };
  const answers = [...misspelt(crowd, random), ...foreign.questions].map(ask);
  const others = strangers(travellers, synthesize(7));
  const found = (birthDate?: '') =>
    others.map((stranger) =>
      index.search(birthDate === undefined ? stranger : { ...stranger, birthDate }, lowest).map(({ score }) => score),
    );
  const [dated, undated] = [found(), found('')];

  console.log(
    `${listed.length} identities, ${answers.length} questions, ${others.length} travellers who are not listed`,
  );
  console.log(
    'On the half to tune on: threshold, recall@20; false candidates a traveller (travellers with any), without birth date',
  );
  for (let hundredths = 70; hundredths <= 92; hundredths += 2) {
    const threshold = hundredths / 100;
    const alarms = [dated, undated].map((of) => falseEach(half(of, 0), threshold)).join(', ');
    console.log(`  ${threshold.toFixed(2)}  ${recall(half(answers, 0), threshold)}; ${alarms}`);
  }
  const threshold = defaultNameThreshold;
  const alarms = [dated, undated].map((of) => falseEach(half(of, 1), threshold)).join(', ');
  console.log(`On the other half at ${threshold}: false candidates a traveller ${alarms}`);
  console.log(`recall@20 from ${lowest} on, and at ${threshold}:`);
  const stated = half(answers, 1);
  const print = (what: string, of: readonly Answer[]) =>
    console.log(`  ${what}: ${recall(of, lowest)}, ${recall(of, threshold)} of ${of.length}`);
  for (const [kind, of] of Map.groupBy(stated, ({ kind }) => kind)) print(kind, of);
  const acrossScripts = stated.filter(({ kind }) => kind.includes(', '));
  for (const [script, of] of Map.groupBy(acrossScripts, ({ kind }) => kind.split(', ')[0]!)) print(script, of);
  print('across scripts', acrossScripts);
}
