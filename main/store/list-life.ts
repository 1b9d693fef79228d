import type { CentralTime } from './own-time.ts';

/** How long a list may be used, and by whose time. */
export interface LifeSettings {
  /** From its making (Reg. (EU) 2018/1862 Art. 56: at most 48 hours). */
  readonly maximumAgeMs: number;
  /**
   * What holds after the machine was off: nobody knows for how long. `confirm`: the list stays shut until central has said what
   * time it is; `clock`: the machine's own clock is believed until then.
   */
  readonly afterPowerLoss: 'confirm' | 'clock';
}

/** The law's two days, and no trust in a clock that anyone may set. */
export const lawfulLife: LifeSettings = { maximumAgeMs: 48 * 3_600_000, afterPowerLoss: 'confirm' };

/** What is known of the time. */
export interface KnownTime {
  /** The store's own, which never goes back. */
  readonly ownMs: number;
  /** Central's; undefined before it has said anything. */
  readonly central: CentralTime | undefined;
  /** What the machine's clock says, milliseconds since 1970. */
  readonly wallMs: number;
}

/** What of a list decides how long it lives. */
export interface Lifespan {
  /** ISO 8601, UTC, by central's clock. */
  readonly madeAt: string;
  /** When it is dead whatever else is heard, by the store's own time. */
  readonly diesOwnMs: number;
}

/** Whether a list may be used: `unconfirmed` until the time is known, `early` when it was made in the future. */
export type Life = 'in-use' | 'dead' | 'unconfirmed' | 'early';

/** A list may be this much younger than the time says it can be. */
const toleranceMs = 5 * 60_000;

/** Where a list stands in its life. It is dead as soon as it is so by any time that is known. */
export function lifeOf({ madeAt, diesOwnMs }: Lifespan, time: KnownTime, settings: LifeSettings): Life {
  const { ms, sure } = present(time, settings);
  const ageMs = ms - Date.parse(madeAt);
  if (time.ownMs >= diesOwnMs || ageMs >= settings.maximumAgeMs) return 'dead';
  if (!sure) return 'unconfirmed';
  return ageMs < -toleranceMs ? 'early' : 'in-use';
}

/** When a list that is taken up now dies, by the store's own time, should central's go back afterwards: never later than its whole life from now. */
export function deathOf(madeAt: string, time: KnownTime, settings: LifeSettings): number {
  const ageMs = present(time, settings).ms - Date.parse(madeAt);
  return Math.trunc(time.ownMs + settings.maximumAgeMs - Math.max(0, ageMs));
}

/** The least that central's clock can show now, and whether it is that. */
function present({ central, wallMs }: KnownTime, { afterPowerLoss }: LifeSettings): CentralTime {
  if (central?.sure) return central;
  if (afterPowerLoss === 'clock') return { ms: Math.max(wallMs, central?.ms ?? 0), sure: true };
  return { ms: central?.ms ?? 0, sure: false };
}
