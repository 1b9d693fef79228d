import type { SealedPacket } from '../contract/packet.ts';
import type { LimenRecord } from '../contract/record.ts';
import type { Store } from '../store/store.ts';
import { cellsOf } from './cells.ts';
import { eventsOf } from './events.ts';

/** What records are kept with. */
export interface RecordKeeperOptions {
  readonly store: Pick<Store, 'conclude' | 'enqueue' | 'note'>;
  readonly seal: (record: LimenRecord) => Promise<SealedPacket>;
  /** Something is in the outbox that was not; with the outcome of a crossing that was concluded. */
  readonly onStored: (outcome?: string) => void;
}

/** Seals records and stores them, with what the log is told of them. Faults of the seal and of the store. */
export interface RecordKeeper {
  /** With the outcome of their crossing, all or nothing. */
  conclude(crossingId: string, outcome: string, records: readonly LimenRecord[]): Promise<void>;
  /** By themselves: they leave as soon as they can. */
  keep(records: readonly LimenRecord[]): Promise<void>;
}

/** Makes the keeper of a store's records. */
export function openRecordKeeper({ store, seal, onStored }: RecordKeeperOptions): RecordKeeper {
  return {
    async conclude(crossingId, outcome, records) {
      const packets = await Promise.all(records.map(seal));
      store.conclude({ crossingId, outcome }, packets, eventsOf(records), cellsOf(records));
      onStored(outcome);
    },
    async keep(records) {
      store.enqueue(await Promise.all(records.map(seal)));
      for (const event of eventsOf(records)) store.note(event);
      onStored();
    },
  };
}
