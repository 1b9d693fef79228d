import { identificationThreshold } from '../biometrics/face/face-comparison.ts';
import { FaceGallery, galleryModel } from '../biometrics/face/face-gallery.ts';
import { defaultFingerThreshold, listThreshold } from '../biometrics/finger/finger.ts';
import { FingerGallery } from '../biometrics/finger/finger-gallery.ts';
import type { FaceEmbedder } from '../contract/biometrics.ts';
import type { WatchlistSnapshot } from '../contract/watchlist.ts';
import { openWatchlist, type Watchlist } from './watchlist.ts';

/** What the kiosk's own list is opened with. Thresholds that are not given are those of the models. */
export interface LocalListOptions {
  /** Where it lies. */
  readonly table: { load(): WatchlistSnapshot | undefined; replace(snapshot: WatchlistSnapshot): void };
  readonly faceModel: FaceEmbedder;
  readonly thresholds: { readonly watchlistFace?: number | undefined; readonly watchlistFinger?: number | undefined };
  /** The age at which it may no longer be used. */
  readonly maximumAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The kiosk's own list, on disk and in memory. */
export interface LocalList extends Pick<Watchlist, 'search' | 'close'> {
  /** `none` where there is no list yet. */
  readonly version: string;
  /** Whether there is a list and it is too old to be searched. */
  expired(): boolean;
  /** Takes the place of the list there was, on disk and in memory, or of nothing at all. Faults of the store. */
  replace(snapshot: WatchlistSnapshot): void;
}

const noList: WatchlistSnapshot = { version: 'none', issuedAt: new Date(0).toISOString(), alerts: [] };

/** Opens the list that lies in the store, or an empty one. Fault: `store.corrupt`. */
export function openLocalList({ table, faceModel, thresholds, maximumAgeMs, now }: LocalListOptions): LocalList {
  const searchers = { fingers: () => new FingerGallery(), faces: () => new FaceGallery(galleryModel(faceModel)) };
  const open = (snapshot: WatchlistSnapshot) =>
    openWatchlist(snapshot, searchers, {
      fingerThreshold:
        thresholds.watchlistFinger ??
        listThreshold(snapshot.alerts.reduce((sum, { fingers }) => sum + fingers.length, 0)),
      faceThreshold: thresholds.watchlistFace ?? identificationThreshold(faceModel),
      candidates: { finger: defaultFingerThreshold, face: identificationThreshold(faceModel) },
      maximumAgeMs,
      now,
    });
  let list = open(table.load() ?? noList);
  return {
    get version() {
      return list.version;
    },
    expired: () => list.version !== noList.version && now() - Date.parse(list.issuedAt) > maximumAgeMs,
    search: (subject, signal) => list.search(subject, signal),
    replace(snapshot) {
      const opened = open(snapshot);
      try {
        table.replace(snapshot);
      } catch (error) {
        opened.close();
        throw error;
      }
      list.close();
      list = opened;
    },
    close: () => list.close(),
  };
}
