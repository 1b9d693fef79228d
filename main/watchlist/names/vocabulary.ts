import { DeletionIndex } from './deletions.ts';
import { equivalentsOf } from './equivalents.ts';
import { packPostings, type Postings, postingsOf } from './postings.ts';
import { bareSimilarity, letterSimilarity, soundSimilarity } from './similarity.ts';
import { bareKeysOf, coarseSkeletonOf } from './sound.ts';

/** Words less alike than this are taken for different words. */
export const leastSimilarity = 0.65;
/** How like two spellings are that documents exchange for one another. */
export const equivalence = 0.95;
/** Fewer consonants (a vowel at the beginning counts) tell no words apart. */
const fewConsonants = 3;

/** A word as it is compared: as written in the machine readable zone, and as it sounds. */
export interface Spelling {
  readonly letters: string;
  readonly sound: string;
  /** Its script left the vowels out. */
  readonly bare: boolean;
}

/** What tells a spelling from every other. */
export const spellingKey = ({ letters, bare }: Spelling): string => (bare ? `${letters}'` : letters);

/** How much two words are alike, 0 to 1: as they are written or as they sound, whichever is more. */
export function likeness(asked: Spelling, listed: Spelling, cut: boolean): number {
  if (!cut) {
    if (asked.bare !== listed.bare && asked.letters !== listed.letters)
      return asked.bare ? bareLikeness(listed, asked) : bareLikeness(asked, listed);
    const similarity = Math.max(
      letterSimilarity(asked.letters, listed.letters),
      soundSimilarity(asked.sound, listed.sound),
    );
    return similarity < equivalence && equivalentsOf(asked.letters).has(listed.letters) ? equivalence : similarity;
  }
  // Of a cut word only the beginning is known: the other is held against it as far as that goes.
  if (listed.letters.startsWith(asked.letters) || listed.sound.startsWith(asked.sound)) return 1;
  const as = (one: string, other: string) => (other.length > one.length ? other.slice(0, one.length) : other);
  return Math.max(
    letterSimilarity(asked.letters, as(asked.letters, listed.letters)),
    soundSimilarity(asked.sound, as(asked.sound, listed.sound)),
  );
}

/** The article of Arabic may be written or not. */
function bareLikeness({ sound }: Spelling, bare: Spelling): number {
  const whole = bareSimilarity(sound, bare.sound);
  return /^AL./.test(bare.letters) ? Math.max(whole, bareSimilarity(sound, bare.sound.slice(2))) : whole;
}

function file(index: Map<string, number[]>, key: string, id: number): void {
  const filed = index.get(key);
  if (filed) filed.push(id);
  else index.set(key, [id]);
}

/** All words of a list, each spelling once, found again by likeness: by slips of the pen, by sound, by equal consonants. */
export class Vocabulary {
  readonly letters: readonly string[];
  /** The sound of each word, by its number among the sounds. */
  readonly soundOf: Uint32Array;
  readonly sounds: readonly string[];
  /** Those whose vowels are unknown, by what is left of them. */
  readonly #bare = new Map<string, number[]>();
  readonly #isBare: Uint8Array;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #byLetters: DeletionIndex;
  readonly #bySound: DeletionIndex;
  readonly #wordsOfSound: Postings;
  readonly #soundIds: ReadonlyMap<string, number>;
  readonly #bySkeleton = new Map<string, number[]>();
  /** Words in the order of their letters, for those that begin alike. */
  readonly #ordered: Uint32Array;

  /** `words` holds each spelling once; its place is its id. */
  constructor(words: readonly Spelling[]) {
    this.letters = words.map(({ letters }) => letters);
    this.#ids = new Map(words.map((word, id) => [spellingKey(word), id]));
    this.#isBare = Uint8Array.from(words, ({ bare }) => Number(bare));
    for (const [id, { bare, sound }] of words.entries())
      for (const key of bare ? bareKeysOf(sound) : []) file(this.#bare, key, id);
    const soundIds = new Map<string, number>();
    this.soundOf = Uint32Array.from(words, ({ sound }) => {
      const known = soundIds.get(sound);
      if (known !== undefined) return known;
      soundIds.set(sound, soundIds.size);
      return soundIds.size - 1;
    });
    this.sounds = [...soundIds.keys()];
    this.#soundIds = soundIds;
    this.#wordsOfSound = packPostings(this.sounds.length, (give) => {
      for (const [id, sound] of this.soundOf.entries()) give(sound, id);
    });
    for (const [id, sound] of this.sounds.entries()) file(this.#bySkeleton, coarseSkeletonOf(sound), id);
    this.#byLetters = new DeletionIndex(this.letters, 2);
    this.#bySound = new DeletionIndex(this.sounds, 2);
    this.#ordered = Uint32Array.from(this.letters.keys()).toSorted((a, b) =>
      this.letters[a]! < this.letters[b]! ? -1 : 1,
    );
  }

  /** A word by its id. */
  spelling(id: number): Spelling {
    return { letters: this.letters[id]!, sound: this.sounds[this.soundOf[id]!]!, bare: this.#isBare[id] === 1 };
  }

  /** The words that sound so, or that have the same consonants in the same order, if those are three at least. */
  sounding(sound: string): readonly number[] {
    const skeleton = coarseSkeletonOf(sound);
    const same = skeleton.length < fewConsonants ? [] : (this.#bySkeleton.get(skeleton) ?? []);
    const id = this.#soundIds.get(sound);
    return (id === undefined ? same : [id, ...same]).flatMap((each) => [...postingsOf(this.#wordsOfSound, each)]);
  }

  /** Calls with each word at least `leastSimilarity` like this one; of a `cut` word, each that begins like it. Some come twice. */
  like(asked: Spelling, cut: boolean, give: (id: number, similarity: number) => void): void {
    for (const letters of equivalentsOf(asked.letters)) {
      const id = this.#ids.get(letters);
      if (id !== undefined) give(id, equivalence);
    }
    if (!asked.bare)
      for (const key of bareKeysOf(asked.sound))
        for (const id of this.#bare.get(key) ?? []) {
          const similarity = bareLikeness(asked, this.spelling(id));
          if (similarity >= leastSimilarity) give(id, similarity);
        }
    if (cut) this.#beginning(asked.letters, (id) => give(id, 1));
    const soundLike = (sound: number) => {
      const similarity = soundSimilarity(asked.sound, this.sounds[sound]!);
      if (similarity >= leastSimilarity) for (const id of postingsOf(this.#wordsOfSound, sound)) give(id, similarity);
    };
    this.#bySound.candidates(asked.sound, soundLike);
    for (const sound of this.#bySkeleton.get(coarseSkeletonOf(asked.sound)) ?? []) soundLike(sound);
    this.#byLetters.candidates(asked.letters, (id) => {
      const similarity = letterSimilarity(asked.letters, this.letters[id]!, leastSimilarity);
      if (similarity >= leastSimilarity) give(id, similarity);
    });
  }

  #beginning(letters: string, give: (id: number) => void): void {
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.letters[this.#ordered[middle]!]! < letters) low = middle + 1;
      else high = middle;
    }
    for (; low < this.#ordered.length; low++) {
      const id = this.#ordered[low]!;
      if (!this.letters[id]!.startsWith(letters)) return;
      give(id);
    }
  }
}
