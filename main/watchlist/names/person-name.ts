import { romanise, type RomanWord } from './romanise.ts';
import { soundOf, soundOfBare } from './sound.ts';
import type { Spelling } from './vocabulary.ts';

/** Words that come and go between spellings of one name, and tell no two people apart. */
const particles = new Set(
  (
    'AL EL UL AR AS BIN BEN IBN BINT BINTI BTE DE DEL DELA DELLA DELLE DI DA DO DOS DAS DU DES LA LE LES LOS LAS VAN VON ' +
    'VOM DER DEN TER TEN TE ZU ZUM ZUR AF AV OF THE Y E I MR MRS DR JR SR HAJI HAJ HADJI SHEIKH SAYED'
  ).split(' '),
);

const wordsPerPart = 8;
const lettersPerWord = 40;

/** One word of a name. */
export interface NameWord extends Spelling {
  /** How much it tells: its letters; 0 for a particle, which counts only when joined to another word. */
  readonly weight: number;
  /** Written as its first letter only. */
  readonly initial: boolean;
  /** Cut off where the field of the machine readable zone ended: only its beginning is known. */
  readonly cut: boolean;
}

/** A name as it is compared: its words in order, surname first. */
export interface PersonName {
  readonly words: readonly NameWord[];
  /** Where the given names begin among the words. */
  readonly givenFrom: number;
  /** The end of the name is missing (ICAO Doc 9303 part 3, 4.6: truncation). */
  readonly truncated: boolean;
}

function wordsOf(part: string): NameWord[] {
  const list = romanise(part.slice(0, 200)).slice(0, wordsPerPart);
  const isParticle = ({ letters, syllable }: RomanWord) => !syllable && particles.has(letters);
  const telling = list.some((word) => !isParticle(word));
  return list.map((word) => {
    const { bare, syllable } = word;
    const letters = word.letters.slice(0, lettersPerWord);
    const sound = bare ? soundOfBare(letters) : soundOf(letters);
    const weight = telling && isParticle(word) ? 0 : sound.length;
    const initial = letters.length === 1 && weight > 0 && !syllable && !bare;
    return { letters, sound, bare, weight, initial, cut: false };
  });
}

/** Makes a name of its two parts, in any script. `truncated` says that the machine readable zone had no room for its end. */
export function personName(surname: string, givenNames: string, truncated = false): PersonName {
  const family = wordsOf(surname);
  const words = [...family, ...wordsOf(givenNames)];
  const last = words.at(-1);
  if (truncated && last) words[words.length - 1] = { ...last, cut: true };
  return { words, givenFrom: family.length, truncated };
}

/** Neighbouring words of one part written as one: from the first to before the last. */
export interface Joined extends Spelling {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Every way to write two or three neighbouring words as one: Abd el Rahman as Abdelrahman, Anne Marie as Annemarie. */
export function joinings({ words, givenFrom }: PersonName): Joined[] {
  const out: Joined[] = [];
  for (let from = 0; from < words.length; from++) {
    const end = from < givenFrom ? givenFrom : words.length;
    for (let to = from + 2; to <= Math.min(from + 3, end); to++) {
      const span = words.slice(from, to);
      if (span.some((word) => word.initial)) continue;
      const weight = span.reduce((sum, word) => sum + word.weight, 0);
      const letters = span.map((word) => word.letters).join('');
      const bare = span.every((word) => word.bare);
      out.push({ from, to, letters, sound: bare ? soundOfBare(letters) : soundOf(letters), bare, weight });
    }
  }
  return out;
}
