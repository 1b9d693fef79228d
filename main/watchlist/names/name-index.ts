import { align, scoreOfShares, type WordLikeness } from './alignment.ts';
import { BirthOrder } from './birth-order.ts';
import { type BirthAgreement, birthFactors, compareBirth, packDate } from './birth-date.ts';
import { explain, type WordExplanation } from './explanation.ts';
import { joinings, type NameWord, type PersonName, personName } from './person-name.ts';
import { firstFrom, packPostings, type Postings, postingsOf } from './postings.ts';
import { likeness, type Spelling, spellingKey, Vocabulary } from './vocabulary.ts';

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
  /** What became of each word that was asked for; none of the list's. */
  readonly words: readonly WordExplanation[];
}

interface Ranked extends Pick<NameMatch, 'score' | 'name' | 'birthDate'> {
  readonly place: number;
}

// How a word is packed among the words of an identity: its id, and two bits.
const particleBit = 1;
const initialBit = 2;

/** In a run so short everybody is looked at; in a longer one those who hold a word that is wanted. */
const fewPlaces = 512;
/** Letters of a particle that stands between two parts of a word. */
const longestParticle = 3;
/** An initial may stand for any word: so much may it add to what else was found. */
const initialSlack = 0.25;

/** So many born on one day are all compared in full. */
const fewBirths = 200;

interface Candidate {
  readonly place: number;
  /** The most that the name's score can be. */
  readonly bound: number;
}

/**
 * The identities of a list, searched by name and birth date; built once, then fixed. They lie in the order of their birth
 * dates, so that everybody who could be the one asked for can be looked at, and none is left out by a shortcut.
 */
export class NameIndex {
  readonly #vocabulary: Vocabulary;
  /** Words of the identities, and where given names begin among them, in the order of birth. */
  readonly #words: Postings;
  readonly #givenFrom: Uint8Array;
  readonly #births: BirthOrder;
  readonly #weights: Uint8Array;
  /** Places that hold a word. */
  readonly #holders: Postings;
  /** Letters of the words of each place. */
  readonly #lengths: Uint8Array;
  /** The run that last looked at each place. */
  readonly #seen: Uint32Array;
  #stamp = 0;
  /** Of each word of the list: how like it is to one that is asked for, and how much that one weighs. */
  readonly #likeness: Float32Array;
  readonly #askedWeight: Uint8Array;

  constructor(identities: readonly ListedIdentity[]) {
    this.#births = new BirthOrder(identities.map(({ birthDate }) => packDate(birthDate)));
    const ids = new Map<string, number>();
    const words: Spelling[] = [];
    const flat: number[] = [];
    const lengths = new Uint8Array(identities.length);
    this.#givenFrom = new Uint8Array(identities.length);
    for (const [place, identity] of this.#births.order.entries()) {
      const { surname, givenNames } = identities[identity]!;
      const name = personName(surname, givenNames);
      for (const { letters, sound, bare, weight, initial } of name.words) {
        const key = spellingKey({ letters, sound, bare });
        let id = ids.get(key);
        if (id === undefined) {
          ids.set(key, (id = ids.size));
          words.push({ letters, sound, bare });
        }
        flat.push(id * 4 + (weight === 0 ? particleBit : 0) + (initial ? initialBit : 0));
      }
      lengths[place] = name.words.length;
      this.#givenFrom[place] = name.givenFrom;
    }
    this.#words = packPostings(identities.length, (give) => {
      let at = 0;
      for (const [place, length] of lengths.entries()) for (let n = 0; n < length; n++) give(place, flat[at++]!);
    });
    this.#holders = packPostings(words.length, (give) => {
      for (let place = 0; place < identities.length; place++)
        for (const packed of postingsOf(this.#words, place))
          if ((packed & (particleBit | initialBit)) === 0) give(packed >> 2, place);
    });
    this.#lengths = new Uint8Array(identities.length);
    for (let place = 0; place < identities.length; place++)
      for (const packed of postingsOf(this.#words, place))
        if ((packed & (particleBit | initialBit)) === 0) this.#lengths[place]! += words[packed >> 2]!.sound.length;
    this.#seen = new Uint32Array(identities.length);
    this.#vocabulary = new Vocabulary(words);
    this.#weights = Uint8Array.from(words, ({ sound }) => sound.length);
    this.#likeness = new Float32Array(words.length);
    this.#askedWeight = new Uint8Array(words.length);
  }

  /** Every identity that reaches the threshold, the best first; of those only so many as are wanted. */
  search(query: NameQuery, threshold: number, most = Infinity): NameMatch[] {
    const asked = personName(query.surname, query.givenNames, query.truncated);
    const born = packDate(query.birthDate);
    const touched = this.#learn(asked);
    try {
      return this.#rank(asked, born, this.#candidates(asked, born, threshold, touched), threshold, most);
    } finally {
      for (const id of touched) this.#likeness[id] = 0;
    }
  }

  /** Notes for each word of the list how like it is to a word that is asked for; gives the words noted. */
  #learn(asked: PersonName): number[] {
    const touched: number[] = [];
    const note = (id: number, similarity: number, weight: number) => {
      if (this.#likeness[id] === 0) touched.push(id);
      else if (this.#likeness[id]! >= similarity) return;
      this.#likeness[id] = similarity;
      this.#askedWeight[id] = weight;
    };
    for (const word of asked.words) {
      if (word.initial || word.weight === 0) continue;
      this.#vocabulary.like(word, word.cut, (id, similarity) => note(id, similarity, word.weight));
      for (const [id, weight] of this.#partsOf(word)) note(id, 1, weight);
    }
    for (const joined of joinings(asked))
      this.#vocabulary.like(joined, false, (id, similarity) => note(id, similarity, joined.weight));
    return touched;
  }

  /** Words that this one may have been made of, and their letters: Abdelrahman of Abd, a particle, and Rahman. */
  *#partsOf({ sound }: NameWord): Generator<[id: number, weight: number]> {
    const known = (part: string) => ({ part, ids: part.length < 2 ? [] : this.#vocabulary.sounding(part) });
    const parts = Array.from(sound, (_, at) => [known(sound.slice(0, at)), known(sound.slice(at))] as const);
    for (const [at, [first]] of parts.entries()) {
      if (first.ids.length === 0) continue;
      const others = parts.slice(at, at + longestParticle + 1).flatMap(([, second]) => second);
      for (const { part, ids } of others.some(({ ids }) => ids.length > 0) ? [first, ...others] : [])
        for (const id of ids) yield [id, part.length];
    }
  }

  /** Places whose score may reach the threshold, and the most that their name's can be: what was found of either name, by letters. */
  #candidates(asked: PersonName, born: number, threshold: number, words: readonly number[]): Candidate[] {
    const { starts, items } = this.#words;
    const askedAll = asked.words.reduce((sum, word) => sum + (word.initial ? 0 : word.weight), 0);
    const slack = asked.words.some((word) => word.initial) ? initialSlack : 0;
    const candidates: Candidate[] = [];
    const look = (place: number, least: number): void => {
      let found = 0;
      let askedFound = 0;
      for (let at = starts[place]!, end = starts[place + 1]!; at < end; at++) {
        const packed = items[at]!;
        if ((packed & (particleBit | initialBit)) !== 0) continue;
        const similarity = this.#likeness[packed >> 2]!;
        found += similarity * this.#weights[packed >> 2]!;
        askedFound += similarity * this.#askedWeight[packed >> 2]!;
      }
      if (found === 0) return;
      const listedShare = asked.truncated ? 1 : Math.min(1, found / this.#lengths[place]! + slack);
      const askedShare = Math.min(1, askedFound / askedAll + slack);
      const bound = scoreOfShares(Math.max(listedShare, askedShare), Math.min(listedShare, askedShare));
      if (bound >= least) candidates.push({ place, bound });
    };
    const [sameFrom, sameTo] = this.#births.same(born);
    // Whoever was born on the very day is compared in full, unless a clerk's favourite day makes them many.
    if (sameTo - sameFrom < fewBirths)
      for (let place = sameFrom; place < sameTo; place++) candidates.push({ place, bound: 1 });
    else for (let place = sameFrom; place < sameTo; place++) look(place, threshold);
    for (const { from, to, agreement } of this.#births.compatible(born)) {
      const least = threshold / birthFactors[agreement];
      if (to - from < fewPlaces) for (let place = from; place < to; place++) look(place, least);
      else {
        // A score is a mean of likenesses: where none is as high, it is not.
        const telling = words.filter((id) => this.#likeness[id]! >= least - slack);
        this.#forEachHolder(telling, from, to, (place) => look(place, least));
      }
    }
    return candidates;
  }

  /** Calls with each place of a run that holds one of the words, once. */
  #forEachHolder(words: readonly number[], from: number, to: number, give: (place: number) => void): void {
    const { starts, items } = this.#holders;
    const stamp = ++this.#stamp;
    for (const id of words) {
      const end = starts[id + 1]!;
      for (let at = firstFrom(items, from, starts[id], end); at < end && items[at]! < to; at++) {
        const place = items[at]!;
        if (this.#seen[place] === stamp) continue;
        this.#seen[place] = stamp;
        give(place);
      }
    }
  }

  #rank(
    asked: PersonName,
    born: number,
    candidates: readonly Candidate[],
    threshold: number,
    most: number,
  ): NameMatch[] {
    const alike = remembering();
    let matches: Ranked[] = [];
    let enough = threshold;
    const bounded = candidates
      .map(({ place, bound }) => {
        const birthDate = compareBirth(born, this.#births.dates[place]!);
        return { place, birthDate, bound: bound * birthFactors[birthDate] };
      })
      .filter(({ bound }) => bound >= threshold)
      .toSorted((a, b) => b.bound - a.bound);
    for (const { place, birthDate, bound } of bounded) {
      if (bound < enough) break;
      const name = align(asked, this.#nameOf(place), alike).score;
      const score = name * birthFactors[birthDate];
      if (score < enough) continue;
      matches.push({ place, score, name, birthDate });
      if (matches.length < 2 * most) continue;
      matches = bestOf(matches, most);
      enough = matches.at(-1)!.score;
    }
    return bestOf(matches, most).map(({ place, ...match }) => {
      const words = explain(asked, align(asked, this.#nameOf(place), alike).pairs);
      return { identity: this.#births.order[place]!, ...match, words };
    });
  }

  #nameOf(place: number): PersonName {
    const words = Array.from(postingsOf(this.#words, place), (packed): NameWord => {
      const spelling = this.#vocabulary.spelling(packed >> 2);
      const weight = (packed & particleBit) === 0 ? spelling.sound.length : 0;
      return { ...spelling, weight, initial: (packed & initialBit) !== 0, cut: false };
    });
    return { words, givenFrom: this.#givenFrom[place]!, truncated: false };
  }
}

function bestOf(matches: readonly Ranked[], most: number): Ranked[] {
  return matches.toSorted((a, b) => b.score - a.score).slice(0, most);
}

/** Likeness of words, each pair worked out once in a search. */
function remembering(): WordLikeness {
  const known = new Map<string, number>();
  return (asked, listed, cut) => {
    const key = `${spellingKey(asked)}/${spellingKey(listed)}${cut ? '*' : ''}`;
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = likeness(asked, listed, cut)));
    return value;
  };
}
