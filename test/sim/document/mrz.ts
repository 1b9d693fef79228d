import type { DocumentFormat, TravelDocument } from '../../../main/contract/document.ts';
import { checkDigit } from '../../../main/document/check-digit.ts';
import { latinise } from '../../../main/document/latinise.ts';
import { at, layouts, type Place } from '../../../main/document/layout.ts';
import type { CheckedField } from '../../../main/document/mrz.ts';

/** A simulated traveller's document, before it is printed. Names may be in any script that latinise knows. */
export interface Printed extends Omit<TravelDocument, 'lines' | 'format' | 'optionalData'> {
  readonly optionalData?: string;
}

function fit(text: string, length: number): string {
  return text
    .replaceAll(/[^A-Z0-9]/g, '<')
    .padEnd(length, '<')
    .slice(0, length);
}

function dateField(date: string): string {
  const [year = '', month = '<<', day = '<<'] = date.split('-');
  return year === '' ? '<<<<<<' : year.slice(2) + month + day;
}

function following([line, , end]: Place): Place {
  return [line, end, end + 1];
}

/** The lines of a machine readable zone, every check digit correct but the one to `spoil` (ICAO Doc 9303 parts 4 to 7). */
export function writeMrz(format: DocumentFormat, printed: Printed, spoil?: CheckedField): string[] {
  const layout = layouts[format];
  const lines = Array.from({ length: layout.lines }, () => '<'.repeat(layout.length));
  const put = ([line, start, end]: Place, text: string) => {
    const old = lines[line] ?? '';
    lines[line] = old.slice(0, start) + fit(text, end - start) + old.slice(end);
  };
  const digit = (field: CheckedField, text: string) => {
    const right = checkDigit(text);
    return field === spoil ? String((Number(right) + 1) % 10) : right;
  };
  const putChecked = (field: CheckedField, place: Place, text: string) => {
    put(place, text);
    put(following(place), digit(field, at(lines, place)));
  };

  put([0, 0, 2], printed.code);
  put(layout.issuingState, printed.issuingState);
  put(layout.nationality, printed.nationality);
  put(layout.sex, printed.sex.replace('X', '<'));
  put(layout.name, `${latinise(printed.surname)}<<${latinise(printed.givenNames)}`);
  putChecked('birth-date', layout.birthDate, dateField(printed.birthDate));
  putChecked('expiry-date', layout.expiryDate, dateField(printed.expiryDate));

  const [optional, ...further] = layout.optional;
  const data = printed.optionalData ?? '';
  if (optional && printed.number.length > 9 && layout.overflow) {
    put(layout.number, printed.number);
    put(optional, `${printed.number.slice(9)}${digit('number', printed.number)}<${data}`);
  } else {
    putChecked('number', layout.number, printed.number);
    if (optional) put(optional, data);
  }
  for (const place of further) put(place, '');
  if (optional && layout.optionalCheck) put(layout.optionalCheck, digit('optional-data', at(lines, optional)));
  if (layout.composite) {
    const over = layout.composite.over.map((place) => at(lines, place)).join('');
    put(layout.composite.digit, digit('composite', over));
  }
  return lines;
}
