import { join } from 'node:path';
import type { ListCopy } from '../contract/list-view.ts';
import type { Store } from '../store/store.ts';
import { ListDownload } from './list-download.ts';
import { openListLine } from './list-line.ts';
import { type ListUpdates, type ListUpdatesOptions, startListUpdates } from './list-updates.ts';
import { visitList } from './list-visit.ts';
import type { Trust } from './transport.ts';

const name = 'watchlist.download';

/** Where lists come from, and where they go. */
export interface OpenListUpdatesOptions extends Omit<ListUpdatesOptions, 'visit'> {
  readonly url: string;
  readonly trust: Trust;
  /** The root that the kiosk was given. */
  readonly root: Uint8Array;
  readonly store: Pick<Store, 'listMetadata' | 'watchlist' | 'note'>;
  /** A folder for a download under way. */
  readonly directory: string;
  readonly maxAgeMs: number;
  readonly now: () => number;
}

/** Visits that go on, and what there is of a download. */
export interface OpenListUpdates extends ListUpdates {
  /** A download that lies on the disk. */
  copies(): ListCopy[];
  /** Gives up what has come of a download. */
  discard(): Promise<void>;
}

/** Starts looking for lists at central; what an earlier process left of a download is removed first. */
export async function openListUpdates(options: OpenListUpdatesOptions): Promise<OpenListUpdates> {
  const { url, trust, root, store, directory, maxAgeMs, now } = options;
  const download = await ListDownload.open(join(directory, name), (event) => store.note(event));
  const refused = new Set<string>();
  const updates = startListUpdates({
    ...options,
    async visit(signal, onTaken) {
      const line = openListLine(url, trust);
      try {
        return await visitList({
          line,
          provisioned: root,
          metadata: store.listMetadata,
          watchlist: store.watchlist,
          download,
          refused,
          maxAgeMs,
          nowMs: now(),
          signal,
          onTaken,
        });
      } finally {
        await line.close();
      }
    },
  });
  return {
    ...updates,
    copies() {
      const held = download.held();
      return held ? [{ place: 'download', where: name, version: held.version }] : [];
    },
    discard: () => download.discard(),
    async stop() {
      await updates.stop();
      await download.discard();
    },
  };
}
