import type { ListChange, Target } from '../publication/metadata.ts';

/** What the kiosk holds, and what it may take up. */
export interface Held {
  /** 0 where there is no list. */
  readonly version: number;
  readonly count: number;
  /** The least version that may be taken up. */
  readonly least: number;
}

/** What is known of a file beside its description. */
export interface Choosing {
  readonly held: Held;
  readonly nowMs: number;
  /** The age at which a list is dead. */
  readonly maxAgeMs: number;
  readonly largeChangePercent: number;
  readonly isApproved: (target: Target) => boolean;
  /** SHA-256 of files that were fetched before and were not to be believed. */
  readonly refused: ReadonlySet<string>;
}

/** A list may have been made this much later than the kiosk's clock says it is now. */
const clockToleranceMs = 5 * 60_000;

/** Whether a change of so many alerts of a list is more than may go without approval; any change of nothing is. */
export function isLarge(changed: number, count: number, percent: number): boolean {
  return changed * 100 > count * percent || (count === 0 && changed > 0);
}

/**
 * The next file to fetch: the change that leads furthest from the list that is held, else, where versions have been missed, a
 * whole list. One whose list would be dead or is said to be of tomorrow, older than may be taken up, or large and not approved is
 * passed over. Undefined where nothing leads on.
 */
export function nextTarget(
  targets: Readonly<Record<string, Target>>,
  { held, nowMs, maxAgeMs, largeChangePercent, isApproved, refused }: Choosing,
): readonly [name: string, target: Target] | undefined {
  const alive = ({ madeAt }: ListChange) => {
    const ageMs = nowMs - Date.parse(madeAt);
    return ageMs <= maxAgeMs && ageMs >= -clockToleranceMs;
  };
  const newest = (from: number) =>
    Object.entries(targets)
      .filter(([, { custom }]) => custom.from === from && custom.to > held.version && custom.to >= held.least)
      .filter(([, { custom, hashes }]) => alive(custom) && !refused.has(hashes.sha256))
      .filter(([, target]) => {
        // How much a whole list changes is seen when it is there.
        const seenLater = from === 0 && held.version > 0;
        return seenLater || !isLarge(target.custom.operations, held.count, largeChangePercent) || isApproved(target);
      })
      .toSorted(([, one], [, other]) => one.custom.to - other.custom.to)
      .at(-1);
  return (held.version > 0 ? newest(held.version) : undefined) ?? newest(0);
}
