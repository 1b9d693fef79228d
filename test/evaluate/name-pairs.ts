import type { ListedIdentity, NameQuery } from '../../main/watchlist/names/name-index.ts';

/** A traveller's name and one of a list, and whether they are the same person's. */
export interface NamePair {
  readonly asked: NameQuery;
  readonly listed: ListedIdentity;
  readonly same: boolean;
  /** The line as it was read. */
  readonly line: string;
}

/**
 * Reads a name: `surname|given names|birth date|cut`, of which all but the first may be left out (`cut` says that the zone had
 * no room for its end); `SURNAME<<GIVEN<NAMES` as a machine readable zone has it; `Surname, Given names`; or anything else
 * as one part, its order unknown.
 */
export function readName(text: string): NameQuery {
  if (text.includes('|')) {
    const [surname = '', givenNames = '', birthDate = '', cut = ''] = text.split('|').map((part) => part.trim());
    if (!/^(\d{4}(-\d{2}(-\d{2})?)?)?$/.test(birthDate)) throw new RangeError(`not a birth date: ${birthDate}`);
    return { surname, givenNames, birthDate, truncated: cut === 'cut' };
  }
  const [surname = '', givenNames = ''] = text.includes('<<') ? text.split('<<') : text.split(/,\s*/);
  const words = (part: string) => part.replaceAll('<', ' ').trim();
  return { surname: words(surname), givenNames: words(givenNames), birthDate: '', truncated: false };
}

/** Reads lines of query, entry, 1 or 0 and anything, parted by tabs; empty lines and those that begin with # are left out. */
export function readNamePairs(text: string): NamePair[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [asked = '', listed = '', label = ''] = line.split('\t');
    if (asked === '' || listed === '' || !/^[01]$/.test(label.trim()))
      throw new RangeError(`line ${at + 1} is not a query, an entry and 1 or 0, parted by tabs`);
    return [{ asked: readName(asked), listed: readName(listed), same: label.trim() === '1', line }];
  });
}
