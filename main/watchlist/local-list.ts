import { setImmediate as soon } from 'node:timers/promises';
import { identificationThreshold } from '../biometrics/face/face-comparison.ts';
import { FaceGallery, galleryModel } from '../biometrics/face/face-gallery.ts';
import { listThreshold } from '../biometrics/finger/finger.ts';
import { FingerGallery } from '../biometrics/finger/finger-gallery.ts';
import type { AuditEvent } from '../contract/audit.ts';
import type { FaceEmbedder } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import type { ListCopy, ListStanding } from '../contract/list-view.ts';
import type { Alert, WatchlistSnapshot } from '../contract/watchlist.ts';
import type { ListHead } from '../store/list-file.ts';
import type { Watchlist as KeptWatchlist } from '../store/watchlist.ts';
import { openWatchlist, type SearchResult, type Shortcoming, type Watchlist } from './watchlist.ts';

/** What the kiosk's own list is opened with. Thresholds that are not given are those of the models. */
export interface LocalListOptions {
  /** Where it lies. */
  readonly kept: Pick<KeptWatchlist, 'current' | 'state' | 'alerts' | 'draft' | 'erase' | 'diesAt'>;
  readonly faceModel: FaceEmbedder;
  readonly thresholds: { readonly watchlistFace?: number | undefined; readonly watchlistFinger?: number | undefined };
  /** Is told of the copy in memory, when it is there and when it is gone. */
  readonly note: (event: AuditEvent) => void;
}

/** The kiosk's own list in memory, for as long as the one in the store may be searched. */
export interface LocalList extends Pick<Watchlist, 'search'> {
  /** Of the list that is searched; `none` where there is none. */
  readonly version: string;
  /** Whether it can be searched now, or why not. */
  standing(): ListStanding;
  /** The copy in memory. */
  copies(): ListCopy[];
  /**
   * To be called about once a second, and when the list has changed: takes in what may be searched and is not there yet, forgets
   * what may not be searched any more. Settled when that is done; what fails is tried again at the next, its fault is given.
   */
  look(): Promise<Fault | undefined>;
  /** Puts a whole list in the place of the one there was, in the store and in memory. Faults: those of Draft. */
  replace(snapshot: WatchlistSnapshot): Promise<void>;
  /** Forgets the list; what is kept of it is left. */
  close(): void;
}

/** Alerts that are taken in before others have their turn. */
const stepAlerts = 500;

const shortcomings: Readonly<Record<Exclude<ListStanding, 'in-use'>, Shortcoming>> = {
  none: 'no-list',
  unconfirmed: 'list-unconfirmed',
  early: 'list-from-future',
  loading: 'list-loading',
};

/** Opens what is to hold the list that lies in the store; `look` takes it in. */
export function openLocalList({ kept, faceModel, thresholds, note }: LocalListOptions): LocalList {
  const searchers = { fingers: () => new FingerGallery(), faces: () => new FaceGallery(galleryModel(faceModel)) };
  let held: { readonly list: Watchlist; readonly head: ListHead } | undefined;
  let looking: Promise<Fault | undefined> | undefined;
  let closed = false;

  const forget = () => {
    if (!held) return;
    held.list.close();
    note({ event: 'watchlist-copy-gone', place: 'memory', listVersion: held.list.version });
    held = undefined;
  };

  /** Nothing that cannot be told is taken for leave to search. */
  const state = () => {
    try {
      return kept.state();
    } catch {
      return 'none';
    }
  };

  async function takeIn(head: ListHead): Promise<void> {
    const alerts: Alert[] = [];
    for (const alert of kept.alerts()) {
      alerts.push(alert);
      if (alerts.length % stepAlerts === 0) await soon();
      if (closed) return;
    }
    const fingers = alerts.reduce((sum, alert) => sum + alert.fingers.length, 0);
    const list = openWatchlist({ ...head, alerts }, searchers, {
      fingerThreshold: thresholds.watchlistFinger ?? listThreshold(fingers),
      faceThreshold: thresholds.watchlistFace ?? identificationThreshold(faceModel),
    });
    await list.ready;
    // The galleries hold them now.
    for (const alert of alerts) for (const { template } of [...alert.fingers, ...alert.faces]) template.fill(0);
    if (closed || kept.current() !== head) return list.close();
    forget();
    held = { list, head };
    note({ event: 'watchlist-copied', place: 'memory', listVersion: list.version });
  }

  async function look(): Promise<Fault | undefined> {
    try {
      if (state() !== 'in-use') forget();
      else if (held?.head !== kept.current()) await takeIn(kept.current()!);
      return undefined;
    } catch (error) {
      const fault = Fault.from(error);
      if (fault.code === 'store.corrupt') kept.erase('corrupt');
      return fault;
    }
  }

  const standing = (): ListStanding => {
    const now = state();
    if (now !== 'in-use') forget();
    return now === 'in-use' && !held ? 'loading' : now;
  };

  const looked = () => {
    looking ??= look().finally(() => (looking = undefined));
    return looking;
  };

  return {
    get version() {
      return held?.list.version ?? 'none';
    },
    standing,
    copies: () =>
      held
        ? [
            {
              place: 'memory',
              where: 'core',
              version: held.head.version,
              alerts: held.head.count,
              madeAt: held.head.madeAt,
              expiresAt: kept.diesAt(held.head.madeAt),
            },
          ]
        : [],
    look: looked,
    async search(subject, signal) {
      const now = standing();
      if (now === 'in-use') return held!.list.search(subject, signal);
      if (signal.aborted) throw new Fault('capture.cancelled');
      return notSearched(shortcomings[now]);
    },
    async replace(snapshot) {
      const draft = kept.draft('nothing');
      try {
        for (const alert of snapshot.alerts) draft.put(alert);
        draft.commit(snapshot);
      } finally {
        draft.abandon();
      }
      // One that is under way may be of the list before.
      await looking;
      await looked();
    },
    close() {
      closed = true;
      forget();
    },
  };
}

const notSearched = (why: Shortcoming): SearchResult => ({
  listVersion: 'none',
  hits: [],
  searched: [],
  incomparable: { finger: 0, face: 0 },
  shortcomings: [why],
});
