import { arabic, cyrillic, latin } from './transliteration.ts';

const letters = new Map(Object.entries({ ...latin, ...cyrillic, ...arabic }));
const shadda = '\u0651';
const tehMarbuta = '\u0629';

/**
 * A name in the letters of the machine readable zone: words of `A`-`Z` with one space between them (ICAO Doc 9303 part
 * 3, section 6). Apostrophes join what they stand between, hyphens and other marks part it; scripts the tables do not
 * know are left out, so the outcome may be empty.
 */
export function latinise(name: string): string {
  // Presentation forms and widths become plain letters, and the German sharp s becomes SS.
  const plain = Array.from(name.normalize('NFKC').toUpperCase().normalize('NFC'));
  let out = '';
  let last = '';
  for (const [index, letter] of plain.entries()) {
    if (letter === shadda) {
      out += last;
      continue;
    }
    const next = plain[index + 1];
    const endsWord = next === undefined || !/[\p{L}\p{M}]/u.test(next);
    last = letter === tehMarbuta && endsWord ? 'XAH' : transliterate(letter);
    out += last;
  }
  return out.trim().replaceAll(/ +/g, ' ');
}

function transliterate(letter: string): string {
  const known = letters.get(letter);
  if (known !== undefined) return known;
  const bare = letter.normalize('NFD').charAt(0);
  if (/[A-Z]/.test(bare)) return bare;
  const bareKnown = letters.get(bare);
  if (bareKnown !== undefined) return bareKnown;
  return /[\p{L}\p{M}'’ʼʹ`´‘ʿʾ.]/u.test(letter) ? '' : ' ';
}
