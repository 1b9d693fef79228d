import type { StayFacts, VisaFacts } from '../../main/contract/search.ts';
import { addDays } from './calendar.ts';
import type { Itinerary } from './itinerary.ts';
import { authorisedStay, type Day, longestStay, overstay, type Stay, usedDays, type VisaLimits } from './stay.ts';

/** What is left of a visa on a day, after the stays that were made on it (R5). */
export function visaLimits(visa: VisaFacts, stays: readonly Stay[], day: Day): VisaLimits {
  const onIt = stays.filter(({ entry }) => visa.validFrom <= entry && entry < day);
  const spent = new Set<Day>();
  for (const { entry, exit = addDays(day, -1) } of onIt)
    for (let at = entry; at <= exit && at < day; at = addDays(at, 1)) spent.add(at);
  return {
    daysLeft: Math.max(0, visa.days - spent.size),
    lastDay: visa.validUntil,
    entriesLeft: visa.entries === 'many' ? 'many' : Math.max(0, visa.entries - onIt.length),
  };
}

/** The last day of the stay that has no exit: its day of entry when no day of it was lawful. */
export function authorisedUntil(stays: readonly Stay[], visa?: VisaFacts): Day | undefined {
  const open = stays.at(-1);
  if (!open || open.exit !== undefined) return undefined;
  const before = stays.slice(0, -1);
  const limits = visa && visaLimits(visa, before, open.entry);
  return authorisedStay(before, open.entry, limits).lastDay ?? open.entry;
}

/** A dossier's account on a day: what is used, what is left, and by how much it is too long. Recomputed whenever it is asked. */
export function accountOf({ stays, incomplete }: Itinerary, today: Day, visa?: VisaFacts): Omit<StayFacts, 'refusals'> {
  const past = stays.filter(({ entry }) => entry <= today);
  const open = past.at(-1)?.exit === undefined ? past.at(-1) : undefined;
  const until = authorisedUntil(past, visa);
  const next = open
    ? remaining(longestStay(past.slice(0, -1).concat({ entry: open.entry, exit: today }), today), until, today)
    : authorisedStay(past, today, visa && visaLimits(visa, past, today));
  return {
    usedDays: usedDays(past, today),
    daysLeft: next.days,
    ...(next.lastDay !== undefined && { lastDay: next.lastDay }),
    ...overstay(past, today),
    ...(open && { insideSince: open.entry }),
    ...(until !== undefined && { authorisedUntil: until }),
    incomplete,
  };
}

/** Of a stay that goes on, today included: to the end of the authorised stay, and never beyond what 90 in 180 allow. */
function remaining(allowed: { days: number; lastDay?: Day }, until: Day | undefined, today: Day) {
  if (until === undefined || allowed.lastDay === undefined || until < today) return { days: 0 };
  const lastDay = until < allowed.lastDay ? until : allowed.lastDay;
  let days = 1;
  for (let day = today; day < lastDay; day = addDays(day, 1)) days++;
  return { days, lastDay };
}
