import type { SearchHit, SearchQuery, SearchSource } from '../../main/contract/search.ts';
import type { Day } from '../ees/stay.ts';

/** A travel document as registers know it. */
export type DocumentReference = NonNullable<SearchQuery['document']>;
/** A person as registers know one; names as a machine readable zone has them. */
export type Identity = NonNullable<SearchQuery['identity']>;

/** What a register is asked: only what its source may be told, and only for the kinds of things the asker may see. */
export interface Question {
  readonly document?: DocumentReference;
  readonly identity?: Identity;
  readonly kinds: readonly string[];
  readonly today: Day;
}

/** One thing found: its kind decides who may see it. */
export interface Match {
  readonly kind: string;
  readonly hit: SearchHit;
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
  takes(query: Pick<SearchQuery, 'document' | 'identity'>): boolean;
  ask(question: Question, signal: AbortSignal): Promise<Found>;
}
