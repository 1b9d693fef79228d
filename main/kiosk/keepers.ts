import type { KioskConfig } from '../config/config.ts';
import type { Fault } from '../contract/fault.ts';
import type { LimenRecord } from '../contract/record.ts';
import { openLogKeeper } from '../keeping/log-keeper.ts';
import { openRecordKeeper, type RecordKeeper } from '../keeping/record-keeper.ts';
import { openStatisticsKeeper } from '../keeping/statistics-keeper.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { KeyRing } from '../uplink/key-ring.ts';
import { sealRecord } from '../uplink/seal.ts';

/** What is kept, and by which keys it is sealed. */
export interface KeepersOptions {
  readonly store: Store;
  readonly kioskId: string;
  readonly config: Pick<KioskConfig, 'audit' | 'statistics'>;
  readonly ring: Pick<KeyRing, 'sealingKey'>;
  readonly now: () => number;
  readonly log: Log;
  /** Something is in the outbox that was not. */
  readonly onStored: () => void;
}

/** Those who put something into the outbox: records at once, the log and counts from time to time. */
export interface Keepers {
  readonly records: RecordKeeper;
  /** To be called about once a second. */
  beat(): void;
}

/** Makes the keepers of a store. */
export function openKeepers({ store, kioskId, config, ring, now, log, onStored }: KeepersOptions): Keepers {
  const seal = (record: LimenRecord) => sealRecord(record, ring.sealingKey());
  const shipping = { store, kioskId, seal, onShipped: onStored };
  const logKeeper = openLogKeeper({
    ...shipping,
    checkpointMs: config.audit.checkpointMinutes * 60_000,
    keepMs: config.audit.keepDays * 86_400_000,
    clock: { now, monotonicMs: () => performance.now() },
  });
  const statistics = openStatisticsKeeper({ ...shipping, smallestCount: config.statistics.smallestCount, now });
  const told = (event: string) => (fault: Fault | undefined) => fault && log(event, { fault: fault.code });
  return {
    records: openRecordKeeper({
      store,
      seal,
      onStored(outcome) {
        if (outcome !== undefined) log('crossing concluded', { outcome });
        onStored();
      },
    }),
    beat() {
      void logKeeper.beat().then(told('log not kept'));
      void statistics.beat().then(told('counts not kept'));
    },
  };
}
