import { joinings, type NameWord, type PersonName } from './person-name.ts';
import { leastSimilarity, likeness } from './sound-index.ts';

/** A pairing of words of the one name with words of the other; bits tell which. */
interface Pair {
  readonly askedBits: number;
  readonly listedBits: number;
  readonly askedWeight: number;
  readonly listedWeight: number;
  /** Letters of the word that an initial or a cut leaves unknown, taken out of the reckoning. */
  readonly askedExcused: number;
  readonly listedExcused: number;
  readonly similarity: number;
}

/** Gives the likeness of two words, or remembers it. */
export type WordLikeness = (asked: string, listed: string, cut: boolean) => number;

function pairWords(asked: NameWord, listed: NameWord, a: number, b: number, alike: WordLikeness): Pair | undefined {
  const bits = { askedBits: 1 << a, listedBits: 1 << b };
  if (asked.initial || listed.initial) {
    if (asked.sound.charAt(0) !== listed.sound.charAt(0)) return undefined;
    const excused = { askedExcused: asked.weight - 1, listedExcused: listed.weight - 1 };
    return { ...bits, ...excused, askedWeight: 1, listedWeight: 1, similarity: 1 };
  }
  const similarity = alike(asked.sound, listed.sound, asked.cut);
  if (similarity < leastSimilarity) return undefined;
  const listedExcused = asked.cut ? Math.max(0, listed.weight - asked.weight) : 0;
  const weights = { askedWeight: asked.weight, listedWeight: listed.weight - listedExcused };
  return { ...bits, ...weights, askedExcused: 0, listedExcused, similarity };
}

/** One bit for each word of a run. */
function bits(from: number, to: number): number {
  return (1 << to) - (1 << from);
}

function allPairs(asked: PersonName, listed: PersonName, alike: WordLikeness): Pair[] {
  const pairs: Pair[] = [];
  for (const [a, one] of asked.words.entries()) {
    for (const [b, other] of listed.words.entries()) {
      const pair = one.weight > 0 && other.weight > 0 ? pairWords(one, other, a, b, alike) : undefined;
      if (pair) pairs.push(pair);
    }
  }
  const joined = (
    askedBits: number,
    listedBits: number,
    askedWeight: number,
    listedWeight: number,
    likeness: number,
  ) => {
    if (likeness < leastSimilarity) return;
    const weights = { askedWeight, listedWeight, askedExcused: 0, listedExcused: 0 };
    pairs.push({ askedBits, listedBits, ...weights, similarity: likeness });
  };
  for (const [from, to, sound, weight] of joinings(asked)) {
    for (const [b, other] of listed.words.entries()) {
      if (other.initial || other.weight === 0) continue;
      joined(bits(from, to), 1 << b, weight, other.weight, alike(sound, other.sound, false));
    }
  }
  for (const [from, to, sound, weight] of joinings(listed)) {
    for (const [a, one] of asked.words.entries()) {
      if (one.initial || one.weight === 0) continue;
      joined(1 << a, bits(from, to), one.weight, weight, alike(one.sound, sound, one.cut));
    }
  }
  return pairs;
}

function gain({ similarity, askedWeight, listedWeight }: Pair): number {
  return similarity * (askedWeight + listedWeight);
}

function weigh(words: readonly NameWord[]): number {
  return words.reduce((sum, word) => sum + word.weight, 0);
}

/** How much of the score is for the name that is found in the other more completely; the rest is for the other way. */
const fullerShare = 0.75;

/** The highest score two names can have when only this share of the one asked for is found in the other. */
export function highestScore(coverage: number): number {
  return fullerShare + (1 - fullerShare) * Math.min(1, coverage);
}

/**
 * How much two names agree, 0 to 1, whatever the order of their words: pairs the words that are most alike, and takes
 * the share of letters so accounted for on either side. Names that one of the two leaves out weigh a quarter.
 */
export function nameScore(asked: PersonName, listed: PersonName, alike: WordLikeness = likeness): number {
  const pairs = allPairs(asked, listed, alike);
  // Neither the longest nor the likest pair first is always right where words can be joined; the better of both is.
  const longestFirst = pairs.toSorted((a, b) => gain(b) - gain(a));
  const likestFirst = pairs.toSorted((a, b) => b.similarity - a.similarity || gain(b) - gain(a));
  return Math.max(scoreOf(asked, listed, longestFirst), scoreOf(asked, listed, likestFirst));
}

function scoreOf(asked: PersonName, listed: PersonName, pairs: readonly Pair[]): number {
  let [askedUsed, listedUsed, askedFound, listedFound, askedExcused, listedExcused, paired] = [0, 0, 0, 0, 0, 0, 0];
  for (const pair of pairs) {
    if ((pair.askedBits & askedUsed) !== 0 || (pair.listedBits & listedUsed) !== 0) continue;
    askedUsed |= pair.askedBits;
    listedUsed |= pair.listedBits;
    askedFound += pair.similarity * pair.askedWeight;
    listedFound += pair.similarity * pair.listedWeight;
    askedExcused += pair.askedExcused;
    listedExcused += pair.listedExcused;
    paired += pair.listedWeight;
  }
  const askedAll = weigh(asked.words) - askedExcused;
  // Of a truncated name, what the list has more of may be what was cut off.
  const listedAll = asked.truncated ? paired : weigh(listed.words) - listedExcused;
  if (askedFound === 0 || askedAll <= 0 || listedAll <= 0) return 0;
  const [askedShare, listedShare] = [Math.min(1, askedFound / askedAll), Math.min(1, listedFound / listedAll)];
  return fullerShare * Math.max(askedShare, listedShare) + (1 - fullerShare) * Math.min(askedShare, listedShare);
}
