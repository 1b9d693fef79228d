/**
 * How countries write names of other scripts in their documents. Written apart from the tables that the product uses, so that
 * a mistake in those shows.
 */

type Table = Readonly<Record<string, string>>;

const letters = 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁІЇЄҐ';
const table = (latin: string): Table =>
  Object.fromEntries(latin.split(' ').map((to, at) => [letters.charAt(at), to === '-' ? '' : to]));

const french = table('A B V GU D E J Z I I K L M N O P R S T OU F KH TS TCH CH CHTCH - Y - E IOU IA IO I I IE G');

/** Russian and Ukrainian names as passports, English, German, French and Polish authorities write them. */
export const cyrillicTables: readonly Table[] = [
  table('A B V G D E ZH Z I I K L M N O P R S T U F KH TS CH SH SHCH IE Y - E IU IA E I I IE G'),
  table('A B V G D E ZH Z I Y K L M N O P R S T U F KH TS CH SH SHCH - Y - E YU YA YO I YI YE G'),
  table('A B W G D E SCH S I J K L M N O P R S T U F CH Z TSCH SCH SCHTSCH - Y - E JU JA JO I JI JE G'),
  french,
  table('A B W G D JE Z Z I J K L M N O P R S T U F CH C CZ SZ SZCZ - Y - E JU JA JO I JI JE G'),
];

/** Ukrainian names as Ukraine writes them. */
export const ukrainianTable: Table = table(
  'A B V H D E ZH Z Y I K L M N O P R S T U F KH TS CH SH SHCH - Y - E IU IA - I I IE G',
);

const greek: Table = Object.fromEntries(
  'Α:A Β:V Γ:G Δ:D Ε:E Ζ:Z Η:I Θ:TH Ι:I Κ:K Λ:L Μ:M Ν:N Ξ:X Ο:O Π:P Ρ:R Σ:S Τ:T Υ:Y Φ:F Χ:CH Ψ:PS Ω:O'
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

const bare = (name: string): string =>
  name
    .toUpperCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u0305\u0307\u0309-\u036F]/g, '');

/** A Cyrillic name by one of the tables. */
export function fromCyrillic(name: string, by: Table): string {
  const latin = Array.from(name.toUpperCase(), (letter) => by[letter] ?? letter).join('');
  // The French write GU before E, I and Y only.
  return latin.replaceAll(/GU(?![EIY])/g, by === french ? 'G' : 'GU').replaceAll(/[^A-Z ]/g, '');
}

/** A Greek name by ELOT 743, as Greek passports have it. */
export function fromGreek(name: string): string {
  const plain = bare(name)
    .normalize('NFD')
    .replaceAll(/\u0308/g, '');
  return plain
    .replaceAll('ΟΥ', 'OU')
    .replaceAll(/([ΑΕΗ])Υ(?=[ΒΓΔΖΛΜΝΡΑΕΗΙΟΥΩ])/g, (_, vowel: string) => `${greek[vowel]}V`)
    .replaceAll(/([ΑΕΗ])Υ/g, (_, vowel: string) => `${greek[vowel]}F`)
    .replaceAll(/(^| )ΜΠ/g, '$1B')
    .replaceAll('ΓΓ', 'NG')
    .replaceAll(/[Α-ΩΣ]/g, (letter) => greek[letter] ?? '')
    .replaceAll(/[^A-Z ]/g, '');
}

/** A Greek name as those write it who go by ear, and as passports did before ELOT 743. */
export function fromGreekByEar(name: string): string {
  return fromGreek(name)
    .replaceAll('Y', 'I')
    .replaceAll('CH', 'H')
    .replaceAll('EI', 'I')
    .replaceAll('OI', 'I')
    .replaceAll('X', 'KS')
    .replaceAll('F', 'PH');
}
