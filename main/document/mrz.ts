import { type DocumentFormat, type TravelDocument } from '../contract/document.ts';
import { checkDigit } from './check-digit.ts';
import { birthDate, expiryDate } from './date.ts';
import { at, type Layout, layouts, type Place } from './layout.ts';

/** What a check digit guards. */
export type CheckedField = 'number' | 'birth-date' | 'expiry-date' | 'optional-data' | 'composite';

/** One check digit of the zone, and whether it holds. */
export interface Check {
  readonly field: CheckedField;
  readonly valid: boolean;
}

/** Why lines are no machine readable zone. */
export type Malformation =
  | 'line-count'
  | 'line-length'
  | 'character'
  | 'document-code'
  | 'issuing-state'
  | 'name'
  | 'number'
  | 'nationality'
  | 'birth-date'
  | 'sex'
  | 'expiry-date';

/** What was made of a machine readable zone: read, read with a check digit that fails, or not one at all. */
export type MrzReading =
  | { readonly kind: 'read'; readonly document: TravelDocument; readonly checks: readonly Check[] }
  | { readonly kind: 'check-digit'; readonly document: TravelDocument; readonly checks: readonly Check[] }
  | { readonly kind: 'malformed'; readonly why: Malformation };

/** Filler ends a field; inside one it stands for a space (ICAO Doc 9303 part 3, 4.6). */
function words(field: string): string {
  return field.replace(/<+$/, '').replaceAll(/<+/g, ' ');
}

function formatOf(lines: readonly string[]): DocumentFormat | Malformation {
  if (lines.length !== 2 && lines.length !== 3) return 'line-count';
  const length = lines[0]?.length;
  if (lines.some((line) => line.length !== length)) return 'line-length';
  if (lines.some((line) => !/^[A-Z0-9<]*$/.test(line))) return 'character';
  const code = lines[0]?.charAt(0) ?? '';
  const sized = (Object.keys(layouts) as DocumentFormat[]).filter(
    (format) => layouts[format].lines === lines.length && layouts[format].length === length,
  );
  if (sized.length === 0) return 'line-length';
  return sized.find((format) => layouts[format].codes.includes(code)) ?? 'document-code';
}

interface DocumentNumber {
  readonly number: string;
  readonly check: Check;
  /** What the first optional field holds besides. */
  readonly optional: string;
}

function readNumber(lines: readonly string[], layout: Layout): DocumentNumber {
  const field = at(lines, layout.number);
  const digit = at(lines, following(layout.number));
  const optional = layout.optional[0] === undefined ? '' : at(lines, layout.optional[0]);
  // Doc 9303 part 5, 4.2.2.1 and part 6, 4.2.2.2: filler for the check digit says that number and digit go on.
  const overflow = layout.overflow && digit === '<' ? /^([A-Z0-9]+)([0-9])(?:<|$)/.exec(optional) : null;
  if (overflow === null) {
    return { number: words(field), check: { field: 'number', valid: checkDigit(field) === digit }, optional };
  }
  const [whole, rest = '', overflowDigit = ''] = overflow;
  const number = field + rest;
  return {
    number: words(number),
    check: { field: 'number', valid: checkDigit(number) === overflowDigit },
    optional: optional.slice(whole.length),
  };
}

function following([line, , end]: Place): Place {
  return [line, end, end + 1];
}

/** The check digits of lines that have the layout's number and length, and whether each holds. */
export function checksOf(lines: readonly string[], layout: Layout): Check[] {
  const checks: Check[] = [readNumber(lines, layout).check];
  const check = (field: CheckedField, over: readonly Place[], digit: Place, emptyMayBeFiller: boolean) => {
    const text = over.map((place) => at(lines, place)).join('');
    const found = at(lines, digit);
    const valid = checkDigit(text) === found || (emptyMayBeFiller && found === '<' && /^<+$/.test(text));
    checks.push({ field, valid });
  };
  check('birth-date', [layout.birthDate], following(layout.birthDate), true);
  check('expiry-date', [layout.expiryDate], following(layout.expiryDate), false);
  if (layout.optionalCheck) check('optional-data', layout.optional, layout.optionalCheck, true);
  if (layout.composite) check('composite', layout.composite.over, layout.composite.digit, false);
  return checks;
}

/**
 * Reads a machine readable zone as text: the format is told by the lines' number and length and by the first letter.
 * `today` is `YYYY-MM-DD` and settles the centuries. Never throws (ICAO Doc 9303 parts 3 to 7).
 */
export function readMrz(lines: readonly string[], today: string): MrzReading {
  const format = formatOf(lines);
  if (!(format in layouts)) return malformed(format as Malformation);
  return readFormat(lines, format as DocumentFormat, today);
}

function malformed(why: Malformation): MrzReading {
  return { kind: 'malformed', why };
}

function readFormat(lines: readonly string[], format: DocumentFormat, today: string): MrzReading {
  const layout = layouts[format];

  const code = (lines[0] ?? '').slice(0, 2);
  if (!/^[A-Z][A-Z<]$/.test(code)) return malformed('document-code');
  const issuingState = at(lines, layout.issuingState);
  if (!/^[A-Z]+<*$/.test(issuingState)) return malformed('issuing-state');
  const nationality = at(lines, layout.nationality);
  if (!/^[A-Z]*<*$/.test(nationality)) return malformed('nationality');

  const name = at(lines, layout.name);
  if (!/^[A-Z][A-Z<]*$/.test(name)) return malformed('name');
  const gap = name.indexOf('<<');
  const [surname, givenNames] = gap < 0 ? [name, ''] : [name.slice(0, gap), name.slice(gap).replace(/^<+/, '')];

  const { number, optional } = readNumber(lines, layout);
  if (number.trim() === '') return malformed('number');
  const born = birthDate(at(lines, layout.birthDate), today);
  if (born === undefined) return malformed('birth-date');
  const sex = at(lines, layout.sex).replace('<', 'X');
  if (sex !== 'M' && sex !== 'F' && sex !== 'X') return malformed('sex');
  const expires = expiryDate(at(lines, layout.expiryDate), today);
  if (expires === undefined) return malformed('expiry-date');

  const optionalFields = [optional, ...layout.optional.slice(1).map((place) => at(lines, place))];
  const checks = checksOf(lines, layout);
  const document: TravelDocument = {
    format,
    code: words(code),
    issuingState: words(issuingState),
    number: number.trim(),
    surname: words(surname),
    givenNames: words(givenNames),
    nationality: words(nationality),
    birthDate: born,
    sex,
    expiryDate: expires,
    optionalData: optionalFields.map(words).join(' ').trim(),
    lines: [...lines],
  };
  return { kind: checks.every(({ valid }) => valid) ? 'read' : 'check-digit', document, checks };
}
