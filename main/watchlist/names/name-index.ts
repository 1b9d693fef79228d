import { highestScore, nameScore, type WordLikeness } from './alignment.ts';
import { type BirthAgreement, birthFactors, compareBirth, packDate } from './birth-date.ts';
import { joinings, type NameWord, type PersonName, personName } from './person-name.ts';
import { packPostings, type Postings, postingsOf } from './postings.ts';
import { likeness, SoundIndex } from './sound-index.ts';

/** One identity of the list. */
export interface ListedIdentity {
  readonly surname: string;
  readonly givenNames: string;
  /** `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty. */
  readonly birthDate: string;
}

/** Who is asked for: a traveller's name and birth date. */
export interface NameQuery extends ListedIdentity {
  readonly truncated?: boolean;
}

/** An identity whose score reaches the threshold, and how the score came about: name times birth date. */
export interface NameMatch {
  /** The identity's place in the list. */
  readonly identity: number;
  readonly score: number;
  readonly name: number;
  readonly birthDate: BirthAgreement;
}

// How a word is packed among the words of an identity: its sound's id, and two bits.
const particleBit = 1;
const initialBit = 2;

/** The identities of a list, searched by name and birth date. Needs about 300 bytes an identity; built once, then fixed. */
export class NameIndex {
  readonly #sounds: SoundIndex;
  readonly #words: Postings;
  readonly #holders: Postings;
  readonly #givenFrom: Uint8Array;
  readonly #births: Uint32Array;
  readonly #found: Float32Array;
  readonly #stamps: Uint32Array;
  #stamp = 0;

  constructor(identities: readonly ListedIdentity[]) {
    const ids = new Map<string, number>();
    const flat: number[] = [];
    const lengths = new Uint8Array(identities.length);
    this.#givenFrom = new Uint8Array(identities.length);
    this.#births = new Uint32Array(identities.length);
    for (const [identity, { surname, givenNames, birthDate }] of identities.entries()) {
      const name = personName(surname, givenNames);
      for (const word of name.words) {
        let id = ids.get(word.sound);
        if (id === undefined) ids.set(word.sound, (id = ids.size));
        flat.push(id * 4 + (word.weight === 0 ? particleBit : 0) + (word.initial ? initialBit : 0));
      }
      lengths[identity] = name.words.length;
      this.#givenFrom[identity] = name.givenFrom;
      this.#births[identity] = packDate(birthDate);
    }
    this.#sounds = new SoundIndex([...ids.keys()]);
    this.#words = packPostings(identities.length, (give) => {
      let at = 0;
      for (const [identity, length] of lengths.entries()) {
        for (let n = 0; n < length; n++) give(identity, flat[at++] ?? 0);
      }
    });
    this.#holders = packPostings(ids.size, (give) => {
      for (let identity = 0; identity < identities.length; identity++) {
        for (const word of postingsOf(this.#words, identity)) if ((word & particleBit) === 0) give(word >> 2, identity);
      }
    });
    this.#found = new Float32Array(identities.length);
    this.#stamps = new Uint32Array(identities.length);
  }

  /** Every identity that reaches the threshold (above 0.75), none left out for having enough others. */
  search(query: NameQuery, threshold: number): NameMatch[] {
    const asked = personName(query.surname, query.givenNames, query.truncated);
    const total = asked.words.reduce((sum, word) => sum + (word.initial ? 0 : word.weight), 0);
    const born = packDate(query.birthDate);
    const alike = remembering();
    const matches: NameMatch[] = [];
    for (const identity of this.#candidates(asked)) {
      const birthDate = compareBirth(born, this.#births[identity] ?? 0);
      const factor = birthFactors[birthDate];
      const coverage = (this.#found[identity] ?? 0) / total;
      this.#found[identity] = 0;
      // An initial may add to what was found, so it lifts the bound as well.
      if (factor * highestScore(coverage + initialSlack(asked)) < threshold) continue;
      const name = nameScore(asked, this.#nameOf(identity), alike);
      if (name * factor >= threshold) matches.push({ identity, score: name * factor, name, birthDate });
    }
    return matches.toSorted((a, b) => b.score - a.score);
  }

  /** Adds up, for each identity that holds a word like one of the query's, the letters so found. */
  #candidates(asked: PersonName): number[] {
    const touched: number[] = [];
    const add = (sound: number, letters: number) => {
      for (const identity of postingsOf(this.#holders, sound)) {
        if (this.#stamps[identity] === this.#stamp) continue;
        this.#stamps[identity] = this.#stamp;
        const found = this.#found[identity] ?? 0;
        if (found === 0) touched.push(identity);
        this.#found[identity] = found + letters;
      }
    };
    const addLike = (sound: string, weight: number, cut: boolean) => {
      // One stamp a word: its best likeness comes first, and counts once for an identity.
      this.#stamp++;
      for (const like of this.#sounds.like(sound, cut)) add(like.id, like.similarity * weight);
    };
    for (const word of asked.words) {
      if (word.initial || word.weight === 0) continue;
      addLike(word.sound, word.weight, word.cut);
      for (const [piece, id] of this.#piecesOf(word)) {
        this.#stamp++;
        add(id, piece.length);
      }
    }
    for (const [, , sound, weight] of joinings(asked)) addLike(sound, weight, false);
    return touched;
  }

  /** Words of the list that this word begins or ends with: what Abdelrahman was made of. */
  #piecesOf({ sound }: NameWord): [string, number][] {
    const pieces: [string, number][] = [];
    for (let cut = 3; cut <= sound.length - 2; cut++) {
      for (const piece of [sound.slice(0, cut), sound.slice(sound.length - cut)]) {
        const id = this.#sounds.idOf(piece);
        if (id !== undefined) pieces.push([piece, id]);
      }
    }
    return pieces;
  }

  #nameOf(identity: number): PersonName {
    const words = Array.from(postingsOf(this.#words, identity), (packed): NameWord => {
      const sound = this.#sounds.sounds[packed >> 2] ?? '';
      const weight = (packed & particleBit) === 0 ? sound.length : 0;
      return { sound, weight, initial: (packed & initialBit) !== 0, cut: false };
    });
    return { words, givenFrom: this.#givenFrom[identity] ?? 0, truncated: false };
  }
}

function initialSlack(name: PersonName): number {
  return name.words.some((word) => word.initial) ? 0.25 : 0;
}

/** Likeness of words, each pair worked out once in a search. */
function remembering(): WordLikeness {
  const known = new Map<string, number>();
  return (asked, listed, cut) => {
    const key = `${asked}/${listed}${cut ? '*' : ''}`;
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = likeness(asked, listed, cut)));
    return value;
  };
}
