import { Alert } from '../contract/watchlist.ts';
import { Fault } from '../contract/fault.ts';
import type { ListFile, ListHead } from './list-file.ts';

/** A list in the making, which nobody searches. Of a draft that is not committed nothing can be read after the core's end. */
export interface Draft {
  /** Adds an alert, or puts it in the place of the one of its reference. Faults: `watchlist.malformed`, those of the store. */
  put(alert: Alert): void;
  /** Takes an alert out; one that is not there stays away. */
  remove(reference: string): void;
  /** Alerts there would be. */
  count(): number;
  /** The root it would have, see list-root.ts. */
  root(): Uint8Array;
  /**
   * Makes it the list in use, at once and durably: before that the list there was is whole, after it this one is. Faults:
   * `watchlist.old` for a version below the least that may be taken up, one that is dead already, or when the list that it changes is gone; those of the
   * store. A draft that could not be committed is given up.
   */
  commit(head: Pick<ListHead, 'version' | 'madeAt'>): void;
  /** Gives it up; of no consequence after `commit`. */
  abandon(): void;
}

/** What becomes of a draft, by whoever keeps the lists. */
export interface DraftEnds {
  readonly commit: (head: Pick<ListHead, 'version' | 'madeAt'>) => void;
  readonly abandon: () => void;
}

/** A draft of a whole list, written to a file of its own as it comes. */
export function draftOf(file: ListFile, ends: DraftEnds): Draft {
  return {
    put: (alert) => file.change(new Map([[alert.reference, checked(alert)]])),
    remove: (reference) => file.change(new Map([[reference, undefined]])),
    count: () => file.count(),
    root: () => file.root(),
    ...ends,
  };
}

/** A draft of changes to a list, kept in memory: the list is not touched before they are committed. */
export function draftOfChanges(list: ListFile, changes: Map<string, Alert | undefined>, ends: DraftEnds): Draft {
  let foreseen: ReturnType<ListFile['foresee']> | undefined;
  const foresee = () => (foreseen ??= list.foresee(changes));
  const change = (reference: string, alert: Alert | undefined) => {
    foreseen = undefined;
    changes.set(reference, alert);
  };
  return {
    put: (alert) => change(alert.reference, checked(alert)),
    remove: (reference) => change(reference, undefined),
    count: () => foresee().count,
    root: () => foresee().root,
    ...ends,
  };
}

function checked(alert: Alert): Alert {
  const { success, data } = Alert.safeParse(alert);
  // The schema's own words would quote the alert.
  if (!success) throw new Fault('watchlist.malformed', 'not an alert');
  return data;
}
