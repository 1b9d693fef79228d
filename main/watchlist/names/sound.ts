/**
 * How a name sounds, whatever alphabet and country spelt it: one letter a sound, so that Youssef and Yusuf, Mueller and
 * Muller, Dzhamal and Jamal come out alike. Longest rows first; what is not listed stands for itself.
 */
const spellings = new Map(
  Object.entries({
    SCHTSCH: 'SC',
    CHR: 'KR',
    CHTCH: 'SC',
    SHCH: 'SC',
    SZCZ: 'SC',
    TSCH: 'C',
    SCH: 'S',
    TCH: 'C',
    DZH: 'J',
    DSCH: 'J',
    EAU: 'U',
    // The X letters of ICAO Doc 9303 part 3, table 6.C, and its XX for a tilde or diaeresis.
    XKH: 'H',
    XSH: 'S',
    XTH: 'T',
    XDH: 'D',
    XSS: 'S',
    XDZ: 'D',
    XTT: 'T',
    XZZ: 'Z',
    XAA: 'A',
    XAE: 'A',
    XAH: 'A',
    XTA: 'AT',
    XAY: 'A',
    XKK: 'K',
    XGG: 'G',
    XYA: 'I',
    NXX: 'N',
    UXX: 'U',
    XH: 'H',
    SH: 'S',
    SZ: 'S',
    CH: 'C',
    CZ: 'C',
    KH: 'H',
    GH: 'G',
    PH: 'F',
    PF: 'F',
    TH: 'T',
    DH: 'D',
    BH: 'B',
    RH: 'R',
    WH: 'V',
    ZH: 'Z',
    DJ: 'J',
    DZ: 'Z',
    TS: 'Z',
    TZ: 'Z',
    CK: 'K',
    QU: 'K',
    GN: 'N',
    OU: 'U',
    OO: 'U',
    WOO: 'U',
    GUE: 'GI',
    OE: 'U',
    UE: 'U',
    EE: 'I',
    IE: 'I',
    AE: 'A',
    E: 'I',
    Y: 'I',
    O: 'U',
    Q: 'K',
    X: 'KS',
    W: 'V',
  }),
);
const longest = 7;
const remembered = new Map<string, string>();
const rememberedLimit = 200_000;

/** Consonants after which J is no sound of its own. */
const glides = 'BFGKLMPSTVWZ';

function isVowel(letter: string): boolean {
  return letter !== '' && 'AEIOUY'.includes(letter);
}

function single(word: string, at: number): string {
  const letter = word.charAt(at);
  const [before, next] = [word.charAt(at - 1), word.charAt(at + 1)];
  if (letter === 'C') return 'EIY'.includes(next) && next !== '' ? 'S' : 'K';
  // Chwała but Iwanow.
  if (letter === 'W' && before === 'A' && !isVowel(next)) return 'U';
  // Bjelow as Below, Matwjejew as Matveev, Andrej as Andrei.
  if (
    letter === 'J' &&
    ((glides.includes(before) && isVowel(next)) || (isVowel(before) && before !== 'A' && (next === '' || next === 'E')))
  )
    return before === '' ? letter : 'I';
  return spellings.get(letter) ?? letter;
}

function fold(word: string): string {
  let out = '';
  for (let at = 0; at < word.length;) {
    let length = Math.min(longest, word.length - at);
    let sound: string | undefined;
    for (; length > 1 && sound === undefined; length--) sound = spellings.get(word.slice(at, at + length));
    // The loop counts once more after it has found a row.
    at += sound === undefined ? 1 : length + 1;
    for (const letter of sound ?? single(word, at - 1)) if (!out.endsWith(letter)) out += letter;
  }
  return out.length > 2 && out.endsWith('H') ? out.slice(0, -1) : out;
}

/** The sound of one word of `A`-`Z`: letters of `A`-`Z`, never empty for a word that is not. */
export function soundOf(word: string): string {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  // Nur al-Din is written as Nureddin, too.
  const sound = fold(word.replace(/[AEIOU](?:LD|DD?)[IE]+NE?$/, 'ADIN'));
  if (remembered.size >= rememberedLimit) remembered.clear();
  remembered.set(word, sound);
  return sound;
}

const consonantClasses = new Map(
  ['PBVF', 'TD', 'KGH', 'SZCJ', 'NM'].flatMap((letters) =>
    Array.from(letters, (letter) => [letter, letters.charAt(0)]),
  ),
);

/** A sound's skeleton with consonants that alphabets mistake for each other made one: what unvocalised scripts leave of it. */
export function coarseSkeletonOf(sound: string): string {
  return Array.from(skeletonOf(sound), (letter) => consonantClasses.get(letter) ?? letter).join('');
}

/** The consonants of a sound, double ones once. */
export function consonantsOf(sound: string): string {
  return sound.replaceAll(/[AIU]/g, '').replaceAll(/(.)\1+/g, '$1');
}

/**
 * The sound of a word whose script leaves vowels out, as far as it goes. In Doc 9303's letters for Arabic, E is a consonant
 * that others leave out, and so are those that begin with XA, XE and XI.
 */
export function soundOfBare(letters: string): string {
  return soundOf(letters.replaceAll(/XA[AE]|XXA|XE|(?<!X[A-Z]?)E/g, 'A').replaceAll('XI', 'I'));
}

/**
 * What words are found by whose vowels are unknown: their consonants without those that may be vowels or breath, or that
 * the script does not tell apart. Further keys leave out the article of Arabic, CH (which may be breath), and G (which may be J).
 */
export function bareKeysOf(sound: string): string[] {
  const keyOf = (text: string) =>
    Array.from(text.replaceAll(/[AIUHVBJ]/g, ''), (letter) => consonantClasses.get(letter) ?? letter)
      .join('')
      .replaceAll(/(.)\1+/g, '$1');
  const without = [sound.replace(/^AL/, ''), sound.replaceAll('C', ''), sound.replaceAll('G', '')];
  return [...new Set([sound, ...without].map(keyOf))];
}

/** What is left of a sound without its vowels: its first letter, vowels as A, then consonants. */
export function skeletonOf(sound: string): string {
  const first = sound.charAt(0);
  return (isVowel(first) ? 'A' : first) + sound.slice(1).replaceAll(/[AIU]/g, '');
}

const isOpen = (code: number): boolean => code === 65 || code === 73 || code === 85;

/** Letters of a sound's skeleton. */
export function skeletonLength(sound: string): number {
  let count = 1;
  for (let at = 1; at < sound.length; at++) if (!isOpen(sound.charCodeAt(at))) count++;
  return count;
}

/** Whether two sounds have the same skeleton. */
export function sameSkeleton(a: string, b: string): boolean {
  const [first, other] = [a.charCodeAt(0), b.charCodeAt(0)];
  if (first !== other && !(isOpen(first) && isOpen(other))) return false;
  for (let i = 1, j = 1; ; i++, j++) {
    while (i < a.length && isOpen(a.charCodeAt(i))) i++;
    while (j < b.length && isOpen(b.charCodeAt(j))) j++;
    if (i >= a.length || j >= b.length) return i >= a.length && j >= b.length;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) return false;
  }
}
