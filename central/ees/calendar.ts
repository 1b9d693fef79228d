import type { Day } from './stay.ts';

/** The calendar day of an instant (ISO 8601) at a place, by its IANA time zone. RangeError for what is neither. */
export function dayAt(instant: string, timeZone: string): Day {
  const parts = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The same day some months later or earlier; where that month is shorter, its last day (Reg. (EEC) 1182/71 Art. 3(2)(c)). */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate())))
    .toISOString()
    .slice(0, 10);
}

/** The same day some years later. */
export function addYears(day: Day, years: number): Day {
  return addMonths(day, 12 * years);
}

/** Some days later. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
