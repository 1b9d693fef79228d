import anyAscii from 'any-ascii';
import { latinise } from '../../document/latinise.ts';
import { romaniseHangul } from './hangul.ts';

/** A word in the letters `A` to `Z`, and what its own script leaves open. */
export interface RomanWord {
  readonly letters: string;
  /** Written without its vowels: Arabic and Hebrew leave them to the reader. */
  readonly bare: boolean;
  /** A syllable of Chinese or Korean: never an initial or a particle, however short. */
  readonly syllable: boolean;
}

/**
 * A listed name in the letters `A` to `Z`: by the tables of ICAO Doc 9303 part 3, section 6, where it is in a script they
 * have, else by the usual romanisation of its script (Greek, Hebrew, Chinese, Korean, Georgian, Armenian, Indic scripts, Thai), a
 * word for each syllable where the script writes syllables. Japanese names in Chinese characters come out as if they were
 * Chinese.
 */
export function romanise(name: string): RomanWord[] {
  return name.split(/\s+/).flatMap((word, at, all) => {
    if (/\p{Script=Hangul}/u.test(word)) return syllables(romaniseHangul(word.normalize('NFC'), all.length === 1));
    if (/\p{Script=Han}/u.test(word)) return syllables(anyAscii(word).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '));
    if (/\p{Script=Hebrew}/u.test(word)) return plain(fromHebrew(word), true);
    if (/\p{Script=Arabic}/u.test(word)) return plain(word, true);
    if (tabled.test(word)) return plain(word, false);
    return plain(anyAscii(elot(word)), false);
  });
}

/** Letters that Doc 9303 has tables for. */
const tabled = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]*$/u;

function wordsOf(text: string): string[] {
  return latinise(text)
    .split(' ')
    .filter((word) => word !== '');
}

const plain = (text: string, bare: boolean): RomanWord[] =>
  wordsOf(text).map((letters) => ({ letters, bare, syllable: false }));
const syllables = (text: string): RomanWord[] =>
  wordsOf(text).map((letters) => ({ letters, bare: false, syllable: true }));

/** Consonants of Hebrew as Israel's passports have them; letters that are two sounds have the one they begin a word with. */
const hebrew = new Map(
  'א:E ב:B ג:G ד:D ה:H ו:V ז:Z ח:CH ט:T י:Y כ:K ך:K ל:L מ:M ם:M נ:N ן:N ס:S ע:A פ:P ף:F צ:TZ ץ:TZ ק:K ר:R ש:SH ת:T ־:-'
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.slice(2)] as const),
);

/** Breath after a consonant is left out: the two would be taken for one sound. */
function fromHebrew(word: string): string {
  const letters = word.normalize('NFD').replaceAll(/\p{M}|(?<=[בגדזטכספצקרשת])ה/gu, '');
  return Array.from(letters, (letter) => hebrew.get(letter) ?? letter).join('');
}

/** The pairs of letters that ISO 843 and ELOT 743 do not take letter by letter. */
const greekPairs: readonly (readonly [RegExp, string])[] = [
  [/[οΟ][υύΥΎ]/gu, 'ou'],
  [/([αεηΑΕΗάέή])([υΥ])(?=[βγδζλμνραεηιουωάέήίόύώ])/giu, '$1v'],
  [/([αεηΑΕΗ])([υύΥΎ])(?=[θκξπσςτφχψ]|$|\s)/giu, '$1f'],
  [/(^|\s)μπ/giu, '$1b'],
  [/(^|\s)ντ/giu, '$1d'],
  [/γγ/giu, 'ng'],
  [/γχ/giu, 'nch'],
  [/γξ/giu, 'nx'],
];

function elot(name: string): string {
  if (!/\p{Script=Greek}/u.test(name)) return name;
  return greekPairs.reduce((text, [pair, latin]) => text.replaceAll(pair, latin), name.normalize('NFC'));
}
