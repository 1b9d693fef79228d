/** How two birth dates agree, from best to worst. */
export type BirthAgreement =
  'exact' | 'partial' | 'swapped' | 'one-digit' | 'unknown' | 'near-year' | 'same-year' | 'different';

/**
 * What each agreement leaves of a name's score. A swapped day and month or one wrong digit is a clerk's slip and costs
 * little; where one of the two dates is unknown the names must be all but the same; different dates are different people.
 * With a threshold of 0.8 names must be alike by 0.84, 0.85, 0.86, 0.93, 0.93, and 0.96.
 */
export const birthFactors: Readonly<Record<BirthAgreement, number>> = {
  exact: 1,
  swapped: 0.95,
  partial: 0.94,
  'one-digit': 0.93,
  unknown: 0.86,
  'near-year': 0.86,
  'same-year': 0.835,
  different: 0,
};

/** A birth date as year * 10000 + month * 100 + day, unknown parts 0. */
export type PackedDate = number;

/** Packs `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or nothing. */
export function packDate(date: string): PackedDate {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return year * 10_000 + month * 100 + day;
}

/** Compares two birth dates. */
export function compareBirth(a: PackedDate, b: PackedDate): BirthAgreement {
  if (a < 10_000 || b < 10_000) return 'unknown';
  if (a % 100 === 0 || b % 100 === 0) return comparePartial(a, b);
  if (a === b) return 'exact';
  const [yearA, yearB] = [Math.floor(a / 10_000), Math.floor(b / 10_000)];
  const [monthA, monthB] = [Math.floor(a / 100) % 100, Math.floor(b / 100) % 100];
  if (yearA === yearB && monthA === b % 100 && monthB === a % 100) return 'swapped';
  if (digitsDiffering(a, b) === 1) return 'one-digit';
  return yearA === yearB ? 'same-year' : 'different';
}

function comparePartial(a: PackedDate, b: PackedDate): BirthAgreement {
  const years = Math.abs(Math.floor(a / 10_000) - Math.floor(b / 10_000));
  const monthKnown = a % 10_000 >= 100 && b % 10_000 >= 100;
  if (years === 0) {
    return monthKnown && Math.floor(a / 100) !== Math.floor(b / 100) ? 'same-year' : 'partial';
  }
  return years === 1 && !monthKnown ? 'near-year' : 'different';
}

function digitsDiffering(a: PackedDate, b: PackedDate): number {
  let count = 0;
  for (
    let [left, right] = [a, b];
    left > 0 || right > 0;
    left = Math.floor(left / 10), right = Math.floor(right / 10)
  ) {
    if (left % 10 !== right % 10) count++;
  }
  return count;
}
