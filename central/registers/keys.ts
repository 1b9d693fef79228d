import type { DocumentReference, Identity } from './register.ts';

/** A document number as registers compare it: letters and digits only, so that fillers, spaces and hyphens do not count. */
export function documentKey(number: string): string {
  return number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** A name of a machine readable zone as registers compare it (ICAO Doc 9303 part 3, 4.6): its parts, one space between. */
export function nameKey(name: string): string {
  return name
    .toUpperCase()
    .replaceAll("'", '')
    .replaceAll(/[^A-Z]+/g, ' ')
    .trim();
}

/** An issuing state or nationality without fillers: Germany is `D<<` in a zone. */
export function stateKey(state: string): string {
  return state.toUpperCase().replaceAll(/[^A-Z]/g, '');
}

/** A document's keys, number and issuing state; nulls, which match nothing, where there is none. */
export function documentKeys(document: DocumentReference | undefined): [string | null, string | null] {
  return document ? [documentKey(document.number), stateKey(document.issuingState)] : [null, null];
}

/** An identity's keys, surname, given names and date of birth; nulls, which match nothing, where there is none. */
export function identityKeys(identity: Identity | undefined): [string | null, string | null, string | null] {
  return identity ? [nameKey(identity.surname), nameKey(identity.givenNames), identity.birthDate] : [null, null, null];
}
