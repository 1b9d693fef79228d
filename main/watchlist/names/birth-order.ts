import type { BirthAgreement, PackedDate } from './birth-date.ts';
import { firstFrom } from './postings.ts';

/** Places from one to before another, and the best way in which a date among them agrees with the one asked for. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly agreement: BirthAgreement;
}

/** Identities in the order of their birth dates: those whose date could be the one asked for lie in a few runs. */
export class BirthOrder {
  /** The identity at each place, and its date. */
  readonly order: Uint32Array;
  readonly dates: Uint32Array;

  constructor(dates: readonly PackedDate[]) {
    this.order = Uint32Array.from(dates.keys()).toSorted((a, b) => dates[a]! - dates[b]! || a - b);
    this.dates = Uint32Array.from(this.order, (identity) => dates[identity]!);
  }

  /** The run of places with this very date; none where the date is not whole. */
  same(asked: PackedDate): [from: number, to: number] {
    if (asked < 10_000 || asked % 100 === 0) return [0, 0];
    return [firstFrom(this.dates, asked), firstFrom(this.dates, asked + 1)];
  }

  /** Runs of places, apart from one another, that hold every date which compareBirth does not call different, but for this very date. */
  compatible(asked: PackedDate): Run[] {
    if (asked < 10_000) return [{ from: 0, to: this.order.length, agreement: 'unknown' }];
    const year = Math.floor(asked / 10_000);
    const run = (from: number, to: number, agreement: BirthAgreement): Run => ({
      from: firstFrom(this.dates, from),
      to: firstFrom(this.dates, to),
      agreement,
    });
    const years = (first: number, last: number, agreement: BirthAgreement) =>
      run(first * 10_000, (last + 1) * 10_000, agreement);
    const yearKnownOnly = (other: number) => run(other * 10_000, other * 10_000 + 100, 'near-year');
    const unknown = years(0, 0, 'unknown');
    const runs = [unknown];
    if (asked % 10_000 === 0) runs.push(years(year - 1, year + 1, 'partial'));
    else {
      runs.push(yearKnownOnly(year - 1), yearKnownOnly(year + 1));
      if (asked % 100 === 0) runs.push(years(year, year, 'partial'));
      else {
        runs.push(run(year * 10_000, asked, 'swapped'), run(asked + 1, (year + 1) * 10_000, 'swapped'));
        for (const other of yearsOneDigitApart(year)) {
          const date = other * 10_000 + (asked % 10_000);
          runs.push(run(date, date + 1, 'one-digit'));
        }
      }
    }
    return runs.filter(({ from, to }) => from < to);
  }
}

function yearsOneDigitApart(year: number): number[] {
  const years: number[] = [];
  for (const place of [1, 10, 100, 1000]) {
    const digit = Math.floor(year / place) % 10;
    for (let other = 0; other < 10; other++) if (other !== digit) years.push(year + (other - digit) * place);
  }
  return years;
}
