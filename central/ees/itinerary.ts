import type { Day, Stay } from './stay.ts';

/** An entry or an exit as it was recorded. */
export interface Passage {
  readonly recordId: string;
  readonly direction: 'entry' | 'exit';
  /** ISO 8601, UTC: when it happened, not when it was told. */
  readonly at: string;
  /** The calendar day it was at that place. */
  readonly day: Day;
}

/** Stays as the passages prove them, in order. */
export interface Itinerary {
  readonly stays: readonly Stay[];
  /** The passages of each stay, in the same order: what is erased together. */
  readonly passages: readonly (readonly Passage[])[];
  /** An entry without an exit before the next entry, or an exit without an entry. */
  readonly incomplete: boolean;
}

/**
 * Pairs entries with exits by the time of the event, in whatever order they were told. Where one of a pair is missing, only
 * the day that is proved counts, and the itinerary is incomplete: a guard has to ask.
 */
export function itineraryOf(passages: readonly Passage[]): Itinerary {
  const stays: Stay[] = [];
  const own: Passage[][] = [];
  let incomplete = false;
  let open: Passage | undefined;
  const close = (entry: Passage, exit?: Passage) => {
    // Zones may turn an exit at the far side of a border into the day before.
    const last = exit && exit.day > entry.day ? exit.day : entry.day;
    stays.push({ entry: entry.day, exit: last });
    own.push(exit ? [entry, exit] : [entry]);
  };
  for (const passage of passages.toSorted(byTime)) {
    if (passage.direction === 'entry') {
      if (open) close(open);
      incomplete ||= open !== undefined;
      open = passage;
    } else if (open) {
      close(open, passage);
      open = undefined;
    } else {
      close(passage);
      incomplete = true;
    }
  }
  if (open) {
    stays.push({ entry: open.day });
    own.push([open]);
  }
  return { stays, passages: own, incomplete };
}

function byTime(a: Passage, b: Passage): number {
  return a.at.localeCompare(b.at) || a.recordId.localeCompare(b.recordId);
}
