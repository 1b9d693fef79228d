import type { SearchHit, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';
import type { Biometrics } from '../sbms/probe.ts';

/** A travel document as registers know it. */
export type DocumentReference = NonNullable<SearchQuery['document']>;
/** A person as registers know one; names as a machine readable zone has them. */
export type Identity = NonNullable<SearchQuery['identity']>;

/** What a register is asked: only what its source may be told, and only for the kinds of things the asker may see. */
export interface Question {
  readonly document?: DocumentReference;
  readonly identity?: Identity;
  /** Of those sources whose files have biometrics. */
  readonly biometrics?: Biometrics;
  /** Files that are already known by their references. */
  readonly files?: readonly string[];
  readonly kinds: readonly string[];
  readonly today: Day;
}

/** One thing found: its kind decides who may see it. */
export interface Match {
  readonly kind: string;
  readonly hit: SearchHit;
}

/** One of a register whose files have biometrics: the file it is in. */
export interface FiledMatch extends Match {
  readonly file: string;
  /** Files of the same source that white links join to it: the answer is theirs too. */
  readonly others?: readonly string[];
}

/** All that was found; not complete when the register could not look everywhere. */
export interface Found {
  readonly matches: readonly Match[];
  readonly complete: boolean;
}

/** A source as the portal sees it. Whatever it throws, it has not answered. */
export interface Source {
  readonly source: SearchSource;
  /** Whether a question can be asked with what the query holds. */
  takes(query: Pick<SearchQuery, 'document' | 'identity' | 'finger' | 'face'>): boolean;
  ask(question: Question, signal: AbortSignal): Promise<Found>;
}
