import type { DocumentFormat } from '../contract/document.ts';

/** A field's place: its line, its first character, and the character after its last; all counted from 0. */
export type Place = readonly [line: number, start: number, end: number];

/** Where the fields of a format lie. A check digit follows number, birth date and expiry date immediately. */
export interface Layout {
  readonly lines: number;
  readonly length: number;
  /** The first letters of the document code that the format allows. */
  readonly codes: string;
  readonly issuingState: Place;
  readonly name: Place;
  readonly number: Place;
  readonly nationality: Place;
  readonly birthDate: Place;
  readonly sex: Place;
  readonly expiryDate: Place;
  readonly optional: readonly Place[];
  /** A number of more than nine characters goes on in the first optional field. */
  readonly overflow: boolean;
  /** Where the optional field has a check digit of its own. */
  readonly optionalCheck?: Place;
  readonly composite?: { readonly over: readonly Place[]; readonly digit: Place };
}

const secondLine = {
  lines: 2,
  issuingState: [0, 2, 5],
  number: [1, 0, 9],
  nationality: [1, 10, 13],
  birthDate: [1, 13, 19],
  sex: [1, 20, 21],
  expiryDate: [1, 21, 27],
  overflow: false,
} as const;

/** The machine readable zones of ICAO Doc 9303: parts 5 (TD1), 6 (TD2), 4 (TD3) and 7 (MRV-A, MRV-B). */
export const layouts: Readonly<Record<DocumentFormat, Layout>> = {
  TD1: {
    lines: 3,
    length: 30,
    codes: 'ACI',
    issuingState: [0, 2, 5],
    number: [0, 5, 14],
    birthDate: [1, 0, 6],
    sex: [1, 7, 8],
    expiryDate: [1, 8, 14],
    nationality: [1, 15, 18],
    name: [2, 0, 30],
    optional: [
      [0, 15, 30],
      [1, 18, 29],
    ],
    overflow: true,
    composite: {
      over: [
        [0, 5, 30],
        [1, 0, 7],
        [1, 8, 15],
        [1, 18, 29],
      ],
      digit: [1, 29, 30],
    },
  },
  TD2: {
    ...secondLine,
    length: 36,
    codes: 'ACI',
    name: [0, 5, 36],
    optional: [[1, 28, 35]],
    overflow: true,
    composite: {
      over: [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 35],
      ],
      digit: [1, 35, 36],
    },
  },
  TD3: {
    ...secondLine,
    length: 44,
    codes: 'P',
    name: [0, 5, 44],
    optional: [[1, 28, 42]],
    optionalCheck: [1, 42, 43],
    composite: {
      over: [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 43],
      ],
      digit: [1, 43, 44],
    },
  },
  'MRV-A': { ...secondLine, length: 44, codes: 'V', name: [0, 5, 44], optional: [[1, 28, 44]] },
  'MRV-B': { ...secondLine, length: 36, codes: 'V', name: [0, 5, 36], optional: [[1, 28, 36]] },
};

/** The characters at a place. */
export function at(lines: readonly string[], [line, start, end]: Place): string {
  return (lines[line] ?? '').slice(start, end);
}
