/**
 * How a name sounds, whatever alphabet and country spelt it: one letter a sound, so that Youssef and Yusuf, Mueller and
 * Muller, Dzhamal and Jamal come out alike. Longest rows first; what is not listed stands for itself.
 */
const spellings = new Map(
  Object.entries({
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
const longest = 4;
const remembered = new Map<string, string>();
const rememberedLimit = 200_000;

function isVowel(letter: string): boolean {
  return letter !== '' && 'AEIOUY'.includes(letter);
}

function single(word: string, at: number): string {
  const letter = word.charAt(at);
  const next = word.charAt(at + 1);
  if (letter === 'C') return 'EIY'.includes(next) && next !== '' ? 'S' : 'K';
  if (letter === 'W' && isVowel(word.charAt(at - 1)) && !isVowel(next)) return 'U';
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
  const sound = fold(word);
  if (remembered.size >= rememberedLimit) remembered.clear();
  remembered.set(word, sound);
  return sound;
}

/** What is left of a sound without its vowels: its first letter, vowels as A, then consonants. */
export function skeletonOf(sound: string): string {
  const first = sound.charAt(0);
  return (isVowel(first) ? 'A' : first) + sound.slice(1).replaceAll(/[AIU]/g, '');
}
