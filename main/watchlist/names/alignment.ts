import { joinings, type NameWord, type PersonName } from './person-name.ts';
import { leastSimilarity, likeness, type Spelling } from './vocabulary.ts';

/** A pairing of words of the one name with words of the other, single ones or some written as one; bits tell which. */
export interface Pair {
  readonly asked: Spelling;
  readonly listed: Spelling;
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
export type WordLikeness = (asked: Spelling, listed: Spelling, cut: boolean) => number;

function pairWords(asked: NameWord, listed: NameWord, a: number, b: number, alike: WordLikeness): Pair | undefined {
  const which = { asked, listed, askedBits: 1 << a, listedBits: 1 << b };
  if (asked.initial || listed.initial) {
    if (asked.letters.charAt(0) !== listed.letters.charAt(0)) return undefined;
    const excused = { askedExcused: asked.weight - 1, listedExcused: listed.weight - 1 };
    return { ...which, ...excused, askedWeight: 1, listedWeight: 1, similarity: 1 };
  }
  const similarity = alike(asked, listed, asked.cut);
  if (similarity < leastSimilarity) return undefined;
  const listedExcused = asked.cut ? Math.max(0, listed.weight - asked.weight) : 0;
  const weights = { askedWeight: asked.weight, listedWeight: listed.weight - listedExcused };
  return { ...which, ...weights, askedExcused: 0, listedExcused, similarity };
}

/** One bit for each word of a run. */
function bits(from: number, to: number): number {
  return (1 << to) - (1 << from);
}

/** A word or some written as one, and which they are. */
interface Wording {
  readonly word: Spelling & { readonly weight: number };
  readonly bits: number;
}

function allPairs(asked: PersonName, listed: PersonName, alike: WordLikeness): Pair[] {
  const pairs: Pair[] = [];
  for (const [a, one] of asked.words.entries()) {
    for (const [b, other] of listed.words.entries()) {
      const pair = one.weight > 0 && other.weight > 0 ? pairWords(one, other, a, b, alike) : undefined;
      if (pair) pairs.push(pair);
    }
  }
  const joined = (one: Wording, other: Wording, cut: boolean) => {
    const similarity = alike(one.word, other.word, cut);
    if (similarity < leastSimilarity) return;
    const weights = { askedWeight: one.word.weight, listedWeight: other.word.weight };
    const which = { asked: one.word, listed: other.word, askedBits: one.bits, listedBits: other.bits };
    pairs.push({ ...which, ...weights, askedExcused: 0, listedExcused: 0, similarity });
  };
  for (const both of joinings(asked)) {
    for (const [b, other] of listed.words.entries()) {
      if (other.initial || other.weight === 0) continue;
      joined({ word: both, bits: bits(both.from, both.to) }, { word: other, bits: 1 << b }, false);
    }
  }
  for (const both of joinings(listed)) {
    for (const [a, one] of asked.words.entries()) {
      if (one.initial || one.weight === 0) continue;
      joined({ word: one, bits: 1 << a }, { word: both, bits: bits(both.from, both.to) }, one.cut);
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

/** The score of two names of which such shares are found in the other: the greater share, and the lesser. */
export function scoreOfShares(greater: number, lesser: number): number {
  return fullerShare * greater + (1 - fullerShare) * lesser;
}

/** How two names agree: 0 to 1, and the words that were found to be each other's. */
export interface Alignment {
  readonly score: number;
  readonly pairs: readonly Pair[];
}

/**
 * How much two names agree, whatever the order of their words: pairs the words that are most alike, and takes the share of
 * letters so accounted for on either side. Names that one of the two leaves out weigh a quarter.
 */
export function align(asked: PersonName, listed: PersonName, alike: WordLikeness = likeness): Alignment {
  const pairs = allPairs(asked, listed, alike);
  // Neither the longest nor the likest pair first is always right where words can be joined; the better of both is.
  const longestFirst = chosenOf(pairs.toSorted((a, b) => gain(b) - gain(a)));
  const likestFirst = chosenOf(pairs.toSorted((a, b) => b.similarity - a.similarity || gain(b) - gain(a)));
  const [one, other] = [scoreOf(asked, listed, longestFirst), scoreOf(asked, listed, likestFirst)];
  return one >= other ? { score: one, pairs: longestFirst } : { score: other, pairs: likestFirst };
}

/** Takes each pair whose words no pair before it has taken. */
function chosenOf(pairs: readonly Pair[]): Pair[] {
  let [askedUsed, listedUsed] = [0, 0];
  return pairs.filter(({ askedBits, listedBits }) => {
    if ((askedBits & askedUsed) !== 0 || (listedBits & listedUsed) !== 0) return false;
    askedUsed |= askedBits;
    listedUsed |= listedBits;
    return true;
  });
}

function scoreOf(asked: PersonName, listed: PersonName, pairs: readonly Pair[]): number {
  let [askedFound, listedFound, askedExcused, listedExcused, paired] = [0, 0, 0, 0, 0];
  for (const pair of pairs) {
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
  return scoreOfShares(Math.max(askedShare, listedShare), Math.min(askedShare, listedShare));
}
