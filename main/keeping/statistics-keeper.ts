import { Fault } from '../contract/fault.ts';
import { newIdentifier } from '../contract/identifier.ts';
import type { SealedPacket } from '../contract/packet.ts';
import type { LimenRecord, StatisticsRecord } from '../contract/record.ts';
import type { Store } from '../store/store.ts';

/** What counts are shipped with. */
export interface StatisticsKeeperOptions {
  readonly store: Pick<Store, 'tally' | 'handOverCounts'>;
  readonly kioskId: string;
  /** No count under this leaves the kiosk (R29). */
  readonly smallestCount: number;
  readonly seal: (record: LimenRecord) => Promise<SealedPacket>;
  readonly onShipped: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Ships counts of whole hours, none under the smallest. */
export interface StatisticsKeeper {
  /** To be called about once a second. What fails, or has no room, is tried again in the next hour; a fault is given. */
  beat(): Promise<Fault | undefined>;
}

const hourMs = 3_600_000;

/** Makes the keeper of a store's counts. */
export function openStatisticsKeeper(options: StatisticsKeeperOptions): StatisticsKeeper {
  const { store, kioskId, smallestCount, seal, onShipped, now } = options;
  let lookedIn = NaN;
  let busy = false;
  return {
    async beat() {
      const nowMs = now();
      const hour = Math.floor(nowMs / hourMs);
      if (hour === lookedIn || busy) return undefined;
      lookedIn = hour;
      busy = true;
      try {
        for (let ripe = store.tally.ripe(smallestCount, nowMs); ripe; ripe = store.tally.ripe(smallestCount, nowMs)) {
          const record: StatisticsRecord = {
            format: 'limen-record',
            version: 1,
            id: newIdentifier(nowMs),
            kioskId,
            occurredAt: new Date(ripe.untilMs).toISOString(),
            kind: 'statistics',
            from: new Date(ripe.sinceMs).toISOString(),
            to: new Date(ripe.untilMs).toISOString(),
            counts: { ...ripe.counts },
          };
          if (!store.handOverCounts(ripe, await seal(record))) return undefined;
          onShipped();
        }
        return undefined;
      } catch (error) {
        return Fault.from(error, 'store.failed');
      } finally {
        busy = false;
      }
    },
  };
}
