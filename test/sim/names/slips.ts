import type { ListedIdentity, NameQuery } from '../../../main/watchlist/names/name-index.ts';
import { slipInDate } from './birth-dates.ts';
import { pick } from './random.ts';

/** What befalls a name between the list and the gate: gives the traveller's name and date, or nothing where it does not apply. */
export type Slip = (identity: ListedIdentity, random: () => number) => NameQuery | undefined;

/** A name with so many random edits: a letter put in, left out, replaced or crossed with its neighbour. */
export function typo({ surname, givenNames }: Omit<ListedIdentity, 'birthDate'>, edits: number, random: () => number) {
  let name = `${surname}/${givenNames}`;
  // A name of another script has no letter to be edited.
  for (let done = 0; done < edits && /[A-Z]/.test(name);) {
    const at = Math.floor(random() * name.length);
    const letter = String.fromCharCode(65 + Math.floor(random() * 26));
    if (!/[A-Z]/.test(name.charAt(at))) continue;
    const kind = Math.floor(random() * 4);
    const [before, here, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
    if (kind === 3 && !/^[A-Z]/.test(after)) continue;
    name =
      [before + letter + here + after, before + after, before + letter + after][kind] ??
      before + after.charAt(0) + here + after.slice(1);
    done++;
  }
  const [misspelt = '', misspeltGiven = ''] = name.split('/');
  return { surname: misspelt, givenNames: misspeltGiven };
}

/** Letters that readers of print give for others, each way. */
const misread = 'OQ OD IL IT IJ UV VY CG EF BR PR HN MN KX SB ZS'.split(' ');

const byReader: Slip = (identity, random) => {
  const places = Array.from(identity.surname + identity.givenNames, (letter, at) => ({
    at,
    others: misread.filter((pair) => pair.includes(letter)).map((pair) => pair.replace(letter, '')),
  })).filter(({ others }) => others.length > 0);
  if (places.length < 2) return undefined;
  const letters = Array.from(identity.surname + identity.givenNames);
  for (let n = 0; n < 2; n++) {
    const { at, others } = pick(places, random);
    letters[at] = pick(others, random);
  }
  const cut = identity.surname.length;
  return { ...identity, surname: letters.slice(0, cut).join(''), givenNames: letters.slice(cut).join('') };
};

/** Places for a name in the zone of a passport (ICAO Doc 9303 part 4, 4.2.2). */
const zonePlaces = 39;

const truncated: Slip = (identity) => {
  const room = zonePlaces - identity.surname.length - 2;
  if (identity.givenNames.length <= room || room < 1) return undefined;
  return { ...identity, givenNames: identity.givenNames.slice(0, room), truncated: true };
};

const words = (part: string) => part.split(' ');
const particle = /^(AL|EL|BEN|BIN|DE|DEL|LA|VAN|DER|DEN|TEN|DI|DA|DOS|VON)$/;

const ofDate =
  (kind: 'swapped' | 'digit'): Slip =>
  (identity, random) => {
    if (identity.birthDate.length < 10) return undefined;
    const birthDate = slipInDate(identity.birthDate, kind, random);
    return birthDate === identity.birthDate ? undefined : { ...identity, birthDate };
  };

/** Every slip by what it is called. Names must be in the letters of the zone. */
export const slips: Readonly<Record<string, Slip>> = {
  none: (identity) => identity,
  'one edit': (identity, random) => ({ ...identity, ...typo(identity, 1, random) }),
  'two edits': (identity, random) => ({ ...identity, ...typo(identity, 2, random) }),
  'two letters misread': byReader,
  'cut off by the zone': truncated,
  'surname and given names crossed': ({ surname, givenNames, birthDate }) =>
    givenNames === '' ? undefined : { surname: givenNames, givenNames: surname, birthDate },
  'given name left out': (identity) => {
    const [first = '', ...others] = words(identity.givenNames);
    return others.length === 0 ? undefined : { ...identity, givenNames: first };
  },
  'second surname left out': (identity) => {
    const [first = '', ...others] = words(identity.surname);
    return others.length === 0 || particle.test(first) ? undefined : { ...identity, surname: first };
  },
  'given name as its initial': (identity) => {
    const [first = '', ...others] = words(identity.givenNames);
    if (others.length === 0) return undefined;
    return { ...identity, givenNames: [first, ...others.map((word) => word.charAt(0))].join(' ') };
  },
  'words joined': (identity) =>
    identity.givenNames.includes(' ')
      ? { ...identity, givenNames: identity.givenNames.replaceAll(' ', '') }
      : undefined,
  'particles left out': (identity) => {
    const kept = words(identity.surname).filter((word) => !particle.test(word));
    return kept.length === words(identity.surname).length || kept.length === 0
      ? undefined
      : { ...identity, surname: kept.join(' ') };
  },
  'year of birth only': (identity) =>
    identity.birthDate.length < 10 ? undefined : { ...identity, birthDate: identity.birthDate.slice(0, 4) },
  'day and month crossed': ofDate('swapped'),
  'one digit of the year': ofDate('digit'),
  'no birth date': (identity) => ({ ...identity, birthDate: '' }),
};
