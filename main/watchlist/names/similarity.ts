import { consonantsOf, sameSkeleton, skeletonLength } from './sound.ts';

const letters = 26;
const full = 2;
const half = 1;

/** Consonants that alphabets, countries and ears mistake for each other: half an edit. */
const alike = [
  'BP',
  'DT',
  'GK',
  'KH',
  'KC',
  'HC',
  'GH',
  'SZ',
  'SC',
  'ZC',
  'JZ',
  'JG',
  'JC',
  'JI',
  'FV',
  'FP',
  'BV',
  'UV',
  'MN',
];

function code(letter: string): number {
  return letter.charCodeAt(0) - 65;
}

/** What slips cost, in half edits: one letter written for another (26 x 26), and a letter left out or put in. */
interface Costs {
  readonly replacement: Uint8Array;
  readonly omission: Uint8Array;
}

function costsOf(pairs: readonly string[]): Costs {
  const replacement = new Uint8Array(letters * letters).fill(full);
  for (let a = 0; a < letters; a++) replacement[a * letters + a] = 0;
  for (const pair of pairs) {
    const [a, b] = [code(pair), code(pair.slice(1))];
    replacement[a * letters + b] = half;
    replacement[b * letters + a] = half;
  }
  return { replacement, omission: new Uint8Array(letters).fill(full) };
}

const vowels = ['AI', 'AU', 'IU'];
const soundCosts = costsOf([...alike, ...vowels]);
// Vowels and H come and go, and J where it softens a consonant.
for (const letter of 'AIUHJ') soundCosts.omission[code(letter)] = half;
// Theta and its voiced sister are T, S, D or Z; the French write CH for SH.
const bareCosts = costsOf([...alike.filter((pair) => pair !== 'BV'), 'ST', 'DZ']);
// Hebrew has one letter for B and V.
for (const [heard, bare] of ['SC', 'CS', 'VB']) bareCosts.replacement[code(heard!) * letters + code(bare!)] = 0;
// The letter that is V is also the vowel U; L is the article, which the next consonant may swallow; CH may be breath.
for (const letter of 'CLJ') bareCosts.omission[code(letter)] = half;
for (const letter of 'HV') bareCosts.omission[code(letter)] = 0;
/** Letters that readers of print take for one another. */
const letterCosts = costsOf([
  'OD',
  'OQ',
  'DQ',
  'IL',
  'IJ',
  'IT',
  'UV',
  'VY',
  'CG',
  'CO',
  'EF',
  'BR',
  'PR',
  'HN',
  'MN',
  'KX',
]);

const longest = 64;
const rows = [new Uint16Array(longest + 1), new Uint16Array(longest + 1), new Uint16Array(longest + 1)];

/**
 * What it costs to turn one word into the other (optimal string alignment), in half edits, of their first 64 letters; more
 * than the limit where it is more, but then not how much.
 */
function distance(a: string, b: string, { replacement, omission }: Costs, limit: number): number {
  let [endA, endB, start] = [Math.min(a.length, longest), Math.min(b.length, longest), 0];
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const wide = endB - start;
  let [older, before, now] = rows as [Uint16Array, Uint16Array, Uint16Array];
  before[0] = 0;
  for (let j = 1; j <= wide; j++) before[j] = before[j - 1]! + omission[b.charCodeAt(start + j - 1) - 65]!;
  let leastBefore = 0;
  for (let i = start; i < endA; i++) {
    const from = a.charCodeAt(i) - 65;
    const dropped = omission[from]!;
    let left = (now[0] = before[0]! + dropped);
    let least = left;
    let last = -1;
    for (let j = 1; j <= wide; j++) {
      const to = b.charCodeAt(start + j - 1) - 65;
      const replaced = before[j - 1]! + replacement[from * letters + to]!;
      const shorter = Math.min(before[j]! + dropped, left + omission[to]!);
      left = replaced < shorter ? replaced : shorter;
      if (i > start && last === from && to === a.charCodeAt(i - 1) - 65) left = Math.min(left, older[j - 2]! + full);
      now[j] = left;
      if (left < least) least = left;
      last = to;
    }
    // Letters crossed reach back two rows, and cost a whole edit.
    if (least > limit && leastBefore + full > limit) return limit + 1;
    leastBefore = least;
    [older, before, now] = [before, now, older];
  }
  return before[wide]!;
}

/** Sounds of three consonants or more that differ in vowels only are at least this much alike. */
const sameConsonants = 0.88;

/** How much two words are alike as they are written: the share of letters that agree, 0 to 1, or 0 below `least`; 1 only when they are equal. */
export function letterSimilarity(a: string, b: string, least = 0): number {
  return a === b ? 1 : shareOf(a, b, letterCosts, least);
}

/** How much two sounds are alike: the share of letters that agree, 0 to 1, or 0 below a half; 1 only when they are equal. */
export function soundSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  // Vowels alone never make up half of what differs.
  const share = shareOf(a, b, soundCosts, 0.5);
  if (share >= sameConsonants || share === 0) return share;
  return skeletonLength(a) >= 3 && sameSkeleton(a, b) ? sameConsonants : share;
}

/** How sure words are that agree in so many consonants, their vowels unknown. */
const bareCertainty = [0.8, 0.9, 0.94, 0.96];

/** How much a sound is like one whose script leaves vowels out, 0 to 0.96. */
export function bareSimilarity(sound: string, bare: string): number {
  const [a, b] = [consonantsOf(sound), consonantsOf(bare)];
  const telling = Math.max(...[a, b].map((consonants) => consonants.replaceAll(/[HV]/g, '').length));
  const certainty = bareCertainty[Math.min(telling, bareCertainty.length - 1)]!;
  return telling === 0
    ? certainty
    : certainty * Math.max(0, 1 - distance(a, b, bareCosts, full * telling) / (full * telling));
}

function shareOf(a: string, b: string, costs: Costs, least: number): number {
  const all = full * Math.min(longest, Math.max(a.length, b.length));
  const limit = Math.floor((1 - least) * all + 1e-9);
  const apart = distance(a, b, costs, limit);
  return apart > limit ? 0 : 1 - apart / all;
}
