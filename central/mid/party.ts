import type { Likeness } from './link-colour.ts';

/** Who a file is about, as registers compare it; of SIS with the kind of its alert. */
export interface Party {
  /** Keys of surname, given names and birth date. */
  readonly identities: readonly string[];
  /** Keys of number and issuing state. */
  readonly documents: readonly string[];
  readonly alertKind?: string;
}

/** Two parties agree in what any of theirs has in common. */
export function likenessOf(one: readonly string[], other: readonly string[]): Likeness {
  if (one.length === 0 || other.length === 0) return 'absent';
  return one.some((each) => other.includes(each)) ? 'same' : 'different';
}

/** A key of several columns. */
export const partyKey = (parts: readonly string[]) => JSON.stringify(parts);
