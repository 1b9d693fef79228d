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
