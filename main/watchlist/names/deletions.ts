import { packPostings, type Postings } from './postings.ts';

/** Letters from the front of a word that slips are looked for in; what follows is left to the comparison. */
const prefixLetters = 7;

/** 32 bits of FNV-1a over the letters of a word, those at `skipA` and `skipB` left out. */
function hashWithout(word: string, length: number, skipA: number, skipB: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) {
    if (at !== skipA && at !== skipB) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/** What is left of a word's beginning without any, without one, and without two of its letters, as hashes. */
function forEachDeletion(word: string, edits: number, give: (hash: number) => void): void {
  const length = Math.min(word.length, prefixLetters);
  give(hashWithout(word, length, -1, -1));
  if (edits < 1) return;
  for (let a = 0; a < length; a++) {
    give(hashWithout(word, length, a, -1));
    if (edits < 2) continue;
    for (let b = a + 1; b < length; b++) give(hashWithout(word, length, a, b));
  }
}

/** How many letters a slip may touch in a word: in short words one slip already makes another word. */
const editsIn = (word: string, most: number): number => Math.min(most, word.length < 6 ? 1 : 2);

/**
 * Words found again with letters put in, left out, replaced or crossed: two words that are so many edits apart have a
 * remainder in common when so many letters are left out of each. Gives candidates; some are none.
 */
export class DeletionIndex {
  readonly #postings: Postings;
  readonly #mask: number;
  readonly #edits: number;
  readonly #seen: Uint32Array;
  #stamp = 0;

  constructor(words: readonly string[], edits: number) {
    this.#edits = edits;
    this.#mask = 2 ** Math.max(10, Math.ceil(Math.log2(words.length * 8 + 1))) - 1;
    this.#seen = new Uint32Array(words.length);
    this.#postings = packPostings(this.#mask + 1, (give) => {
      for (const [id, word] of words.entries())
        forEachDeletion(word, editsIn(word, edits), (hash) => give(hash & this.#mask, id));
    });
  }

  /** Calls with each word that may be within the edits, once. */
  candidates(word: string, give: (id: number) => void): void {
    const stamp = ++this.#stamp;
    forEachDeletion(word, editsIn(word, this.#edits), (hash) => {
      const { starts, items } = this.#postings;
      const key = hash & this.#mask;
      for (let at = starts[key]!, end = starts[key + 1]!; at < end; at++) {
        const id = items[at]!;
        if (this.#seen[id] === stamp) continue;
        this.#seen[id] = stamp;
        give(id);
      }
    });
  }
}
