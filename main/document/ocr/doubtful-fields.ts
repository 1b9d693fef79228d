import type { DocumentFormat } from '../../contract/document.ts';
import { type Layout, layouts, type Place } from '../layout.ts';
import type { ReadZone } from './zone-reader.ts';

const fields = ['issuingState', 'name', 'number', 'nationality', 'birthDate', 'sex', 'expiryDate'] as const;
/** Fields that a check digit of their own follows, and the check digits, which hold in all that is read. */
const guarded: readonly string[] = ['number', 'birthDate', 'expiryDate', 'check-digits'];

/** A field of a zone that was read, but not surely; `check-digits` stands for all check digits. */
export type DoubtfulField = (typeof fields)[number] | 'optionalData' | 'code' | 'check-digits';

/**
 * The fields that a reading off a picture does not vouch for: with a character in doubt, one repaired by check digits, or
 * one repaired because its place did not allow it where no check digit of the field proves the repair right.
 */
export function doubtfulFields({
  document,
  repairs,
  doubts,
}: Pick<ReadZone, 'document' | 'repairs' | 'doubts'>): DoubtfulField[] {
  const guessed = repairs.filter(({ by, line, at }) => {
    return by === 'check-digit' || !guarded.includes(fieldAt(document.format, line, at));
  });
  return [...new Set([...doubts, ...guessed].map(({ line, at }) => fieldAt(document.format, line, at)))];
}

function fieldAt(format: DocumentFormat, line: number, at: number): DoubtfulField {
  const layout: Layout = layouts[format];
  const holds = ([on, start, end]: Place) => on === line && at >= start && at < end;
  const field = fields.find((one) => holds(layout[one]));
  if (field) return field;
  if (layout.optional.some(holds)) return 'optionalData';
  return line === 0 && at < 2 ? 'code' : 'check-digits';
}
