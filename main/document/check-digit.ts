const weights = [7, 3, 1];

function value(character: string): number {
  return character === '<' ? 0 : Number.parseInt(character, 36);
}

/** The check digit of a string over `0-9`, `A-Z` and `<`: weights 7, 3, 1, modulo 10 (ICAO Doc 9303 part 3, 4.9). */
export function checkDigit(text: string): string {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += value(text.charAt(at)) * (weights[at % 3] ?? 0);
  return String(sum % 10);
}
