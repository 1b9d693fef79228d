import { packPostings, type Postings, postingsOf } from './postings.ts';
import { similarity } from './similarity.ts';
import { skeletonOf } from './sound.ts';

/** A sound of the list that is like the one asked for. */
export interface LikeSound {
  readonly id: number;
  readonly similarity: number;
}

/** Words less alike than this are taken for different words. */
export const leastSimilarity = 0.65;

const edge = 26;
const symbols = 27;

function bigrams(sound: string): Set<number> {
  const out = new Set<number>();
  let previous = edge;
  for (let at = 0; at <= sound.length; at++) {
    const letter = at < sound.length ? sound.charCodeAt(at) - 65 : edge;
    out.add(previous * symbols + letter);
    previous = letter;
  }
  return out;
}

/** All sounds of a list, each once, found again by likeness: by equal consonants or by bigrams in common. */
export class SoundIndex {
  readonly sounds: readonly string[];
  readonly #ids = new Map<string, number>();
  readonly #bySkeleton = new Map<string, number[]>();
  readonly #byBigram: Postings;
  readonly #common: Uint8Array;

  /** `sounds` holds each sound once; its place is its id. */
  constructor(sounds: readonly string[]) {
    this.sounds = sounds;
    this.#common = new Uint8Array(sounds.length);
    for (const [id, sound] of sounds.entries()) {
      this.#ids.set(sound, id);
      const skeleton = skeletonOf(sound);
      const same = this.#bySkeleton.get(skeleton);
      if (same) same.push(id);
      else this.#bySkeleton.set(skeleton, [id]);
    }
    this.#byBigram = packPostings(symbols * symbols, (give) => {
      for (const [id, sound] of sounds.entries()) for (const bigram of bigrams(sound)) give(bigram, id);
    });
  }

  /** The id of a sound, if the list has it. */
  idOf(sound: string): number | undefined {
    return this.#ids.get(sound);
  }

  /** Every sound at least `leastSimilarity` like this one, best first. Of a `cut` word, every sound that begins with it. */
  like(sound: string, cut: boolean): LikeSound[] {
    const found: LikeSound[] = [];
    for (const id of this.#candidates(sound)) {
      const other = this.sounds[id] ?? '';
      const alike = likeness(sound, other, cut);
      if (alike >= leastSimilarity) found.push({ id, similarity: alike });
    }
    return found.toSorted((a, b) => b.similarity - a.similarity);
  }

  #candidates(sound: string): Iterable<number> {
    const grams = bigrams(sound);
    // Each edit breaks two bigrams, and a word with a third of its letters edited is another word; vowels are found by
    // the consonants between them.
    const needed = Math.max(2, Math.floor(grams.size * 0.45));
    const candidates = new Set(this.#bySkeleton.get(skeletonOf(sound)));
    for (const gram of grams) {
      for (const id of postingsOf(this.#byBigram, gram)) {
        const count = (this.#common[id] ?? 0) + 1;
        this.#common[id] = count;
        if (count === needed) candidates.add(id);
      }
    }
    for (const gram of grams) for (const id of postingsOf(this.#byBigram, gram)) this.#common[id] = 0;
    return candidates;
  }
}

/** The likeness of a word asked for to a word of the list; a cut one is held against the other's beginning only. */
export function likeness(asked: string, listed: string, cut: boolean): number {
  if (cut && listed.startsWith(asked)) return 1;
  return similarity(asked, cut && listed.length > asked.length ? listed.slice(0, asked.length) : listed);
}
