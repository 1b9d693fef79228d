/** Days are calendar days in the form YYYY-MM-DD. */
export type Day = string;

/** Days on the territory: the day of entry and the day of exit both count. Without an exit it goes on. */
export interface Stay {
  readonly entry: Day;
  readonly exit?: Day;
  /** Under a residence permit or a long-stay visa: such days do not count (Reg. (EU) 2016/399 Art. 6(2)). */
  readonly permitted?: boolean;
}

/** What a stay that begins on some day may come to. */
export interface LongestStay {
  /** 0 when not even the first day is lawful. */
  readonly days: number;
  /** Undefined when there is none. */
  readonly lastDay?: Day;
}

/** A stay that was too long, in three figures that are easily taken for one another. */
export interface Overstay {
  /** Days of the window that ends on the day of control beyond those allowed. */
  readonly overBy: number;
  /** The first day of presence, over all stays, that was one too many. */
  readonly firstUnlawfulDay?: Day;
  /** Days of presence up to the day of control that were each one too many. */
  readonly unlawfulDays: number;
}

/** 90 days in any period of 180 (Reg. (EU) 2016/399 Art. 6(1)). */
const allowedDays = 90;
const windowDays = 180;

/** The first day of the period of 180 that ends on a day. */
export function windowStart(control: Day): Day {
  return dayOf(numberOf(control) - windowDays + 1);
}

/** How many days of the period of 180 that ends on the day of control were spent here; a day in two stays is one day. */
export function usedDays(stays: readonly Stay[], control: Day): number {
  return countWindow(presence(stays, control), numberOf(control));
}

/** How long a stay may last that begins on a day, or goes on from it, after the stays given. */
export function longestStay(stays: readonly Stay[], from: Day): LongestStay {
  const first = numberOf(from);
  const present = presence(stays, from);
  let days = 0;
  for (; days < allowedDays; days++) {
    present.add(first + days);
    if (countWindow(present, first + days) > allowedDays) break;
  }
  return days === 0 ? { days } : { days, lastDay: dayOf(first + days - 1) };
}

/** By how much the stays up to the day of control are too long. */
export function overstay(stays: readonly Stay[], control: Day): Overstay {
  const present = presence(stays, control);
  const unlawful = [...present].filter((day) => countWindow(present, day) > allowedDays).toSorted((a, b) => a - b);
  const overBy = Math.max(0, countWindow(present, numberOf(control)) - allowedDays);
  const [first] = unlawful;
  return { overBy, unlawfulDays: unlawful.length, ...(first !== undefined && { firstUnlawfulDay: dayOf(first) }) };
}

/** What a visa allows; days and entries that are left of it. */
export interface VisaLimits {
  readonly daysLeft: number;
  readonly lastDay: Day;
  readonly entriesLeft: number | 'many';
}

/** How long a stay that begins on a day is authorised: the least of the 90 in 180 and what the visa allows. */
export function authorisedStay(stays: readonly Stay[], entry: Day, visa?: VisaLimits): LongestStay {
  const allowed = longestStay(stays, entry);
  if (!visa) return allowed;
  if (visa.entriesLeft === 0) return { days: 0 };
  const byEnd = numberOf(visa.lastDay) - numberOf(entry) + 1;
  const days = Math.max(0, Math.min(allowed.days, visa.daysLeft, byEnd));
  return days === 0 ? { days } : { days, lastDay: dayOf(numberOf(entry) + days - 1) };
}

/** The days present, as numbers, up to and with the last. RangeError for what is no day or leaves before it enters. */
function presence(stays: readonly Stay[], last: Day): Set<number> {
  const end = numberOf(last);
  const days = new Set<number>();
  for (const { entry, exit, permitted } of stays) {
    const [from, to] = [numberOf(entry), exit === undefined ? end : numberOf(exit)];
    if (exit !== undefined && to < from) throw new RangeError('a stay ends before it begins');
    if (permitted) continue;
    for (let day = from; day <= Math.min(to, end); day++) days.add(day);
  }
  return days;
}

function countWindow(present: ReadonlySet<number>, last: number): number {
  let count = 0;
  for (let day = last - windowDays + 1; day <= last; day++) if (present.has(day)) count++;
  return count;
}

const dayMs = 86_400_000;

function numberOf(day: Day): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  if (Number.isNaN(ms) || dayOf(ms / dayMs) !== day) throw new RangeError('not a calendar day');
  return ms / dayMs;
}

function dayOf(number: number): Day {
  return new Date(number * dayMs).toISOString().slice(0, 10);
}
