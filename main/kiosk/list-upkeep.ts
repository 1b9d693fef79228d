import type { ListCopy } from '../contract/list-view.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { CentralLine } from '../uplink/central-line.ts';
import { type OpenListUpdates, openListUpdates } from '../uplink/open-list-updates.ts';
import type { LocalList } from '../watchlist/local-list.ts';

/** What the local list is kept up to date with. */
export interface ListUpkeepOptions {
  readonly list: LocalList;
  readonly store: Store;
  readonly log: Log;
  /** The list, or how it stands, may be another. */
  readonly onChange: () => void;
}

/** Whose lists are followed, and how. */
export interface Following {
  readonly trust: CentralLine['trust'];
  readonly url: string;
  readonly root: Parameters<typeof openListUpdates>[0]['root'];
  readonly directory: string;
  readonly maxAgeMs: number;
  readonly now: () => number;
}

/** Looks after the local list: takes in what the store has, and has the store take up what is published. */
export interface ListUpkeep {
  /** To be called about once a second. */
  look(): Promise<void>;
  /** Begins to ask for lists. Faults of openListUpdates. */
  follow(following: Following): Promise<void>;
  /** Central can be reached again. */
  tryNow(): void;
  /** Central has ordered lists up to this one to be erased. */
  erase(through: number): void;
  /** What there is of a download. */
  copies(): ListCopy[];
  stop(): Promise<void>;
}

/** Makes the upkeep of a list that is open. */
export function openListUpkeep({ list, store, log, onChange }: ListUpkeepOptions): ListUpkeep {
  let updates: OpenListUpdates | undefined;
  let lastFault = '';
  const look = async () => {
    const code = (await list.look())?.code ?? '';
    if (code !== '' && code !== lastFault) log('list not loaded', { fault: code });
    lastFault = code;
    onChange();
  };
  return {
    look,
    async follow(where) {
      updates = await openListUpdates({
        ...where,
        store,
        onTaken: () => void look().then(() => log('watchlist taken up', { version: list.version })),
        onChange() {
          const fault = updates?.lastFault();
          if (fault) {
            log('watchlist not taken up', { fault });
            store.note({ event: 'watchlist-refused', fault });
          }
          onChange();
        },
      });
    },
    tryNow: () => updates?.look(),
    erase(through) {
      if (!store.watchlist.eraseThrough(through)) return;
      log('watchlist erased by order', {});
      void updates?.discard();
      void look();
    },
    copies: () => updates?.copies() ?? [],
    stop: async () => updates?.stop(),
  };
}
