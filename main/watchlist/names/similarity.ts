import { skeletonOf } from './sound.ts';

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

function isLight(letter: number): boolean {
  return letter === code('A') || letter === code('I') || letter === code('U') || letter === code('H');
}

/** What it costs to write one letter for another, in half edits. */
const replacement = new Uint8Array(letters * letters).fill(full);
/** What it costs to leave a letter out or put one in: vowels and H come and go. */
const omission = Uint8Array.from({ length: letters }, (_, letter) => (isLight(letter) ? half : full));

for (let a = 0; a < letters; a++) {
  replacement[a * letters + a] = 0;
  for (let b = 0; b < letters; b++) {
    const bothVowels = isLight(a) && isLight(b) && a !== code('H') && b !== code('H');
    if (a !== b && bothVowels) replacement[a * letters + b] = half;
  }
}
for (const pair of alike) {
  const [a, b] = [code(pair), code(pair.slice(1))];
  replacement[a * letters + b] = half;
  replacement[b * letters + a] = half;
}

const longest = 64;
const rows = [new Uint16Array(longest + 1), new Uint16Array(longest + 1), new Uint16Array(longest + 1)];

/** The edits that turn one sound into the other (optimal string alignment), in half edits; sounds of up to 64 letters. */
export function distance(a: string, b: string): number {
  const wide = Math.min(b.length, longest);
  let [older, before, now] = rows as [Uint16Array, Uint16Array, Uint16Array];
  before[0] = 0;
  for (let j = 1; j <= wide; j++) before[j] = (before[j - 1] ?? 0) + (omission[b.charCodeAt(j - 1) - 65] ?? full);
  for (let i = 1; i <= Math.min(a.length, longest); i++) {
    const from = a.charCodeAt(i - 1) - 65;
    const dropped = omission[from] ?? full;
    now[0] = (before[0] ?? 0) + dropped;
    for (let j = 1; j <= wide; j++) {
      const to = b.charCodeAt(j - 1) - 65;
      let best = (before[j - 1] ?? 0) + (replacement[from * letters + to] ?? full);
      best = Math.min(best, (before[j] ?? 0) + dropped, (now[j - 1] ?? 0) + (omission[to] ?? full));
      const crossed = i > 1 && j > 1 && from === b.charCodeAt(j - 2) - 65 && to === a.charCodeAt(i - 2) - 65;
      if (crossed) best = Math.min(best, (older[j - 2] ?? 0) + full);
      now[j] = best;
    }
    [older, before, now] = [before, now, older];
  }
  return before[wide] ?? 0;
}

/** Sounds of three consonants or more that differ in vowels only are at least this much alike. */
const sameConsonants = 0.88;

/** How much two sounds are alike: the share of letters that agree, 0 to 1; 1 only when they are equal. */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  const share = 1 - distance(a, b) / (full * Math.min(longest, Math.max(a.length, b.length)));
  // Vowels alone never make up half of what differs.
  if (share >= sameConsonants || share < 0.5) return Math.max(0, share);
  const skeleton = skeletonOf(a);
  return skeleton.length >= 3 && skeleton === skeletonOf(b) ? sameConsonants : share;
}
