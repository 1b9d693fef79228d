import type { Notice } from '../../main/contract/guard.ts';
import type { Rung, SourceState } from '../../main/contract/findings.ts';
import type { LinkColour, SearchAction, SearchSource } from '../../main/contract/search.ts';

interface Told {
  readonly title: string;
  readonly text: string;
}

/** What the guard's window says of the central systems. Braces mark what is filled in. */
export interface SystemsWords {
  readonly title: string;
  readonly atTheGate: string;
  readonly ladder: string;
  /** Which step of the ladder it is, and what that means for the guard. */
  readonly rungs: Readonly<Record<Rung, Told>>;
  readonly off: Told;
  readonly sources: Readonly<Record<SearchSource, string>>;
  readonly states: Readonly<Record<SourceState, string>>;
  /** A source that has told all, and nothing was there. */
  readonly nothing: string;
  readonly found: string;
  readonly directly: string;
  readonly since: string;
  readonly silent: string;
  readonly actions: Readonly<Record<SearchAction, string>>;
  readonly facts: {
    readonly reference: string;
    readonly daysLeft: string;
    readonly used: string;
    readonly lastDay: string;
    readonly insideSince: string;
    readonly authorisedUntil: string;
    readonly overBy: string;
    readonly unlawful: string;
    readonly refusals: string;
    readonly incomplete: string;
    readonly sticker: string;
    readonly valid: string;
    readonly validUntil: string;
    readonly stayDays: string;
    readonly entries: string;
    readonly many: string;
    readonly files: string;
    readonly links: string;
    readonly differs: string;
    readonly document: string;
    readonly identity: string;
    readonly finger: string;
    readonly face: string;
  };
  readonly colours: Readonly<Record<LinkColour, string>>;
  readonly notices: {
    readonly title: string;
    readonly kinds: Readonly<Record<Notice['kind'], string>>;
    readonly seen: string;
  };
  readonly manual: {
    readonly title: string;
    readonly text: string;
    readonly surname: string;
    readonly givenNames: string;
    readonly birthDate: string;
    readonly nationality: string;
    readonly sex: string;
    readonly code: string;
    readonly number: string;
    readonly issuingState: string;
    readonly expiryDate: string;
    readonly at: string;
    readonly outcome: string;
    readonly admitted: string;
    readonly handedOn: string;
    readonly stamp: string;
    /** Affixed beside the record on paper; `{at}` is day and time. */
    readonly stampText: string;
    readonly enter: string;
    readonly entered: string;
    readonly notYet: string;
    readonly wrong: string;
    readonly done: string;
  };
}
