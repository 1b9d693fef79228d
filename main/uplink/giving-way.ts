import { laneOf, partBytes } from '../contract/packet.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { Going } from './pacing.ts';

/** What goes along with a hit is less than this, so that the hit is not long on its way on a slow line. */
const besideHitBytes = 32 * 1024;

/**
 * What requests give way to hits. A request without one is broken off for one, but no two in a row: the second is small
 * and goes to its end, so that what waits goes on however many hits there are.
 */
export interface Way {
  /** How much goes in the next request. */
  within(pace: Going): Going;
  /** What of the rows goes now: hits by themselves where the others would hold them up, and all of them the time after. */
  first(rows: readonly OutboxRow[]): readonly OutboxRow[];
  /** Whether the request with these rows is to be broken off for a hit that it does not carry. */
  yields(rows: readonly OutboxRow[]): boolean;
  /** The request with these rows was broken off. */
  gaveWay(): void;
  /** It came to its end, whatever that was. */
  ended(rows: readonly OutboxRow[]): void;
}

const isHit = ({ packet }: OutboxRow) => laneOf[packet.kind] === 'alarm';
const bytesOf = (rows: readonly OutboxRow[]) => rows.reduce((sum, { packet }) => sum + packet.sealed.length, 0);

/** Whether a request carries a hit. */
export const carriesHit = (rows: readonly OutboxRow[]) => rows.some(isHit);

/** Nothing has given way yet. */
export function openWay(): Way {
  let gaveWay = false;
  let hitsAlone = false;
  return {
    within: (pace) => (gaveWay ? { ...pace, maxBytes: Math.min(pace.maxBytes, partBytes) } : pace),
    first(rows) {
      const hits = rows.filter(isHit);
      const others = rows.filter((row) => !isHit(row));
      hitsAlone = !hitsAlone && hits.length > 0 && bytesOf(others) > besideHitBytes;
      return hitsAlone ? hits : rows;
    },
    yields: (rows) => !gaveWay && !carriesHit(rows),
    gaveWay: () => void (gaveWay = true),
    ended: (rows) => void (gaveWay &&= carriesHit(rows)),
  };
}
