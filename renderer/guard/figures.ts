import type { Reason } from '../../main/contract/crossing.ts';
import type { Language } from '../../main/contract/traveller.ts';
import { figure, localeOf } from '../words/phrase.ts';
import type { GuardWords } from '../words/guard.ts';

/** One labelled value. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A score as shown: as many digits as tell it from its threshold, four at most after the point. */
export function scoreFigure(score: number, language: Language): string {
  const digits = Math.abs(score) >= 100 ? 0 : Math.abs(score) >= 10 ? 1 : 4;
  return figure(language, score, { maximumFractionDigits: digits });
}

/** The figures of a reason, in the order they are read. */
export function factsOf(reason: Reason, words: GuardWords, language: Language): readonly Fact[] {
  const facts: Fact[] = [];
  if (reason.score !== undefined) facts.push({ label: words.score, value: scoreFigure(reason.score, language) });
  if (reason.threshold !== undefined)
    facts.push({ label: words.threshold, value: scoreFigure(reason.threshold, language) });
  if (reason.alert) facts.push({ label: words.alert, value: reason.alert });
  if (reason.listVersion) facts.push({ label: words.listVersion, value: reason.listVersion });
  if (reason.detail) facts.push({ label: words.detail, value: reason.detail });
  return facts;
}

/** The number in "one of so many", rounded to what an estimate bears. */
export function spokenOdds(rate: number, language: Language): string {
  return figure(language, Math.round(1 / rate), { maximumSignificantDigits: 1 });
}

/** A date in words, in the calendar of documents; parts that one does not know are left out (ICAO Doc 9303 part 3, 4.8). */
export function spokenDate(date: string, language: Language, unknown: string): string {
  const [year, month, day] = date.split('-');
  if (!year) return unknown;
  const time = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  if (Number.isNaN(time)) return unknown;
  const format = new Intl.DateTimeFormat(localeOf(language), {
    timeZone: 'UTC',
    calendar: 'gregory',
    year: 'numeric',
    ...(month && { month: 'long' }),
    ...(day && { day: 'numeric' }),
  });
  return format.format(time);
}

/** The reason a guard gives: what was picked and what was written, as one text within the contract's 500 characters. */
export function statedReason(picked: readonly string[], written: string): string {
  return [...picked, written.trim()].filter(Boolean).join('. ').slice(0, 500).trim();
}

/** Whether a stated reason is enough to decide with. */
export function isReason(reason: string): boolean {
  return reason.trim().length >= 3;
}

/** A length of time as a guard says it. */
export function waitedFor(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds));
  const unit = whole < 60 ? 'second' : whole < 3600 ? 'minute' : 'hour';
  const value = whole < 60 ? whole : whole < 3600 ? Math.floor(whole / 60) : Math.floor(whole / 3600);
  return figure(localeOf(language), value, { style: 'unit', unit, unitDisplay: 'short' });
}
