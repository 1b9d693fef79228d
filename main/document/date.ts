import { PlainDate, type TravelDocument } from '../contract/document.ts';

/** How far ahead an expiry date may lie, in years: the longest validity a state is known to give. */
const expiryAheadYears = 50;

function isCalendarDate(text: string): boolean {
  return PlainDate.safeParse(text).success;
}

function fourDigits(year: number): string {
  return String(year).padStart(4, '0');
}

/**
 * Decodes a birth date `YYMMDD` to the latest century that is not in the future. Unknown parts are filler (ICAO Doc
 * 9303 part 3, 4.8) or, as some states print them, zeros. Undefined when it is no date.
 */
export function birthDate(field: string, today: string): string | undefined {
  if (!/^(\d\d|<<)(\d\d|<<)(\d\d|<<)$/.test(field)) return undefined;
  const month = field.slice(2, 4).replace('00', '<<');
  const day = field.slice(4, 6).replace('00', '<<');
  const shape = `2000-${month}-${day}`.replaceAll('<<', '01');
  // 2000 is a leap year, so 29 February passes here and is held against its own year below.
  if (!isCalendarDate(shape)) return undefined;
  if (field.startsWith('<<')) return '';
  const rest = month === '<<' ? '' : day === '<<' ? `-${month}` : `-${month}-${day}`;
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100;
  const years = [0, 100].map((back) => fourDigits(century - back + Number(field.slice(0, 2))));
  return years
    .map((year) => year + rest)
    .find((date) => date <= today.slice(0, date.length) && (rest.length < 6 || isCalendarDate(date)));
}

/**
 * Decodes an expiry date `YYMMDD` to the century that puts it nearest: no more than 50 years ahead, less than 50 years
 * ago. Every part must be known. Undefined when it is no date.
 */
export function expiryDate(field: string, today: string): string | undefined {
  if (!/^\d{6}$/.test(field)) return undefined;
  const thisYear = Number(today.slice(0, 4));
  const lastYear = thisYear + expiryAheadYears;
  const year = lastYear - ((lastYear - Number(field.slice(0, 2))) % 100);
  const date = `${fourDigits(year)}-${field.slice(2, 4)}-${field.slice(4, 6)}`;
  return isCalendarDate(date) ? date : undefined;
}

/** Whether a document is past its expiry date; on the day itself it is still valid. `today` is `YYYY-MM-DD`. */
export function isExpired(document: TravelDocument, today: string): boolean {
  return document.expiryDate < today;
}
