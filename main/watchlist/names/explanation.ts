import type { Pair } from './alignment.ts';
import type { BirthAgreement } from './birth-date.ts';
import { equivalentsOf } from './equivalents.ts';
import type { PersonName } from './person-name.ts';
import { letterSimilarity, soundSimilarity } from './similarity.ts';
import { equivalence } from './vocabulary.ts';

/**
 * By what a traveller's word met one of the list: the same letters; the same sound; a slip of pen, ear or reader; consonants
 * alone, where the list's script leaves vowels out; spellings that documents exchange; an initial; a beginning, where the zone
 * cut the word off; or by nothing.
 */
export type WordAgreement = 'same' | 'sound' | 'slip' | 'consonants' | 'equivalent' | 'initial' | 'cut' | 'unmet';

/** What became of a word of the traveller's name, or of some that are one on the list. Has no letter of the list in it (R17). */
export interface WordExplanation {
  /** Places of the words in the traveller's own name, surname first. */
  readonly words: readonly number[];
  readonly by: WordAgreement;
  /** 0 to 1. */
  readonly likeness: number;
}

/** Says how a score came about, word by word in the order of the traveller's name; particles that met nothing are left out. */
export function explain(asked: PersonName, pairs: readonly Pair[]): WordExplanation[] {
  const met = pairs.map((pair) => ({
    words: placesOf(pair.askedBits),
    by: agreementOf(asked, pair),
    likeness: pair.similarity,
  }));
  const unmet = asked.words.flatMap(({ weight }, at) =>
    weight === 0 || pairs.some(({ askedBits }) => (askedBits & (1 << at)) !== 0)
      ? []
      : [{ words: [at], by: 'unmet' as const, likeness: 0 }],
  );
  return [...met, ...unmet].toSorted((a, b) => a.words[0]! - b.words[0]!);
}

/** An explanation as the guard's screen and the record have it: kinds of agreement only. */
export function summarise(words: readonly WordExplanation[], birthDate: BirthAgreement): string {
  return `${words.map(({ by }) => by).join(' ')}; born ${birthDate}`;
}

function placesOf(bits: number): number[] {
  return Array.from({ length: 32 }, (_, at) => at).filter((at) => (bits & (1 << at)) !== 0);
}

function agreementOf(name: PersonName, { asked, listed, askedBits, askedExcused, listedExcused }: Pair): WordAgreement {
  if (asked.letters === listed.letters) return 'same';
  const first = name.words[placesOf(askedBits)[0]!]!;
  if (first.initial || listed.letters.length === 1 || askedExcused > 0) return 'initial';
  if (first.cut) return listedExcused > 0 || listed.letters.startsWith(asked.letters) ? 'cut' : 'slip';
  if (asked.bare !== listed.bare) return 'consonants';
  const [letters, sound] = [
    letterSimilarity(asked.letters, listed.letters),
    soundSimilarity(asked.sound, listed.sound),
  ];
  if (sound === 1) return 'sound';
  if (Math.max(letters, sound) < equivalence && equivalentsOf(asked.letters).has(listed.letters)) return 'equivalent';
  return letters >= sound ? 'slip' : 'sound';
}
