import type { Condition } from '../finger/condition.ts';
import type { PersonName } from '../face/people.ts';
import type { CheckedField } from '../../../main/document/mrz.ts';
import type { ReasonCode } from '../../../main/contract/crossing.ts';
import type { Language } from '../../../main/contract/traveller.ts';

/** What the scene does at a step, besides what every traveller does. */
export type Trouble = 'central-down' | 'scanner-unplugged';

/** One scripted traveller: who they are, what they bring, what goes wrong, and how it must end. */
export interface Traveller {
  readonly name: string;
  readonly language: Language;
  readonly document: {
    readonly surname: string;
    readonly givenNames: string;
    readonly number: string;
    readonly birthDate: string;
    readonly sex: 'M' | 'F';
    readonly expiryDate: string;
    readonly spoil?: CheckedField;
  };
  /** Whose portrait the document holds, and who stands at the gate. */
  readonly portraitOf: PersonName;
  readonly person: PersonName;
  /** The finger by its seed, and how it is laid on the glass at each attempt. */
  readonly finger: number;
  readonly touches: readonly Condition[];
  readonly trouble?: Trouble;
  /** What SIS knows of the traveller, where the gate asks it. */
  readonly alert?: { readonly reference: string; readonly kind: string };
  readonly outcome: 'passed' | 'referred';
  /** The reasons the guard must see; none for a clear crossing. */
  readonly reasons: readonly ReasonCode[];
}

const wanted = {
  finger: 4711,
  face: 'hana',
  surname: 'AL-SHARIF',
  givenNames: 'MUHAMMAD YUSUF',
  birthDate: '1971-03-09',
} as const;

/** Who is on the demonstration's watchlist: one by finger, one by face, one by name. */
export const alerts = wanted;

const document = (surname: string, givenNames: string, number: string, birthDate: string, sex: 'M' | 'F') => ({
  surname,
  givenNames,
  number,
  birthDate,
  sex,
  expiryDate: '2031-08-14',
});

/** The travellers of the demonstration, in the order they come. */
export const travellers: readonly Traveller[] = [
  {
    name: 'clear',
    language: 'en',
    document: document('LINDQVIST', 'FREYA MARIA', 'LQ4410273', '1990-05-17', 'F'),
    portraitOf: 'freya',
    person: 'freya',
    finger: 101,
    touches: ['good'],
    outcome: 'passed',
    reasons: [],
  },
  {
    name: 'watchlist-finger',
    language: 'fr',
    document: document('MOREAU', 'LUCA', 'MR2209187', '1986-11-02', 'M'),
    portraitOf: 'luca',
    person: 'luca',
    finger: wanted.finger,
    touches: ['good'],
    outcome: 'referred',
    reasons: ['watchlist-finger'],
  },
  {
    name: 'watchlist-face',
    language: 'de',
    document: document('TANAKA', 'HANA', 'TN7781034', '1994-02-20', 'F'),
    portraitOf: 'hana',
    person: 'hana',
    finger: 103,
    touches: ['good'],
    outcome: 'referred',
    reasons: ['watchlist-face'],
  },
  {
    name: 'watchlist-name',
    language: 'ar',
    document: document('ALSHERIF', 'MOHAMED YOUSEF', 'SH5510092', '1971-03-09', 'M'),
    portraitOf: 'samuel',
    person: 'samuel',
    finger: 104,
    touches: ['good'],
    outcome: 'referred',
    reasons: ['watchlist-name'],
  },
  {
    name: 'expired-document',
    language: 'en',
    document: { ...document('KELLER', 'DANIEL', 'KL3380021', '1983-07-29', 'M'), expiryDate: '2025-01-31' },
    portraitOf: 'daniel',
    person: 'daniel',
    finger: 105,
    touches: ['good'],
    outcome: 'referred',
    reasons: ['document-expired'],
  },
  {
    name: 'wrong-check-digit',
    language: 'fr',
    document: { ...document('ROSSI', 'MATEO', 'RS9912740', '1979-12-24', 'M'), spoil: 'number' },
    portraitOf: 'mateo',
    person: 'mateo',
    finger: 106,
    touches: ['good'],
    outcome: 'referred',
    reasons: ['document-check-digit'],
  },
  {
    name: 'poor-finger-then-good',
    language: 'de',
    document: document('OKAFOR', 'AMARA', 'OK1147305', '1997-09-11', 'F'),
    portraitOf: 'amara',
    person: 'amara',
    finger: 107,
    touches: ['light', 'good'],
    outcome: 'passed',
    reasons: [],
  },
  {
    name: 'face-of-another',
    language: 'en',
    document: document('BERG', 'CLARA', 'BG6602918', '1988-04-03', 'F'),
    portraitOf: 'clara',
    person: 'freya',
    finger: 108,
    touches: ['good'],
    outcome: 'referred',
    reasons: ['face-mismatch'],
  },
  {
    name: 'central-down',
    language: 'ar',
    document: document('HADDAD', 'SAMUEL', 'HD8093316', '1985-01-19', 'M'),
    portraitOf: 'samuel',
    person: 'samuel',
    finger: 109,
    touches: ['good'],
    trouble: 'central-down',
    outcome: 'passed',
    reasons: [],
  },
  {
    name: 'sis-refusal',
    language: 'en',
    document: document('VARGAS', 'LUCA', 'VG1120045', '1986-11-02', 'M'),
    portraitOf: 'luca',
    person: 'luca',
    finger: 111,
    touches: ['good'],
    alert: { reference: 'SIS-UTO-1', kind: 'refusal-of-entry' },
    outcome: 'referred',
    reasons: ['portal-hit'],
  },
  {
    name: 'sis-discreet',
    language: 'fr',
    document: document('NADJI', 'AMARA', 'ND4471102', '1997-09-11', 'F'),
    portraitOf: 'amara',
    person: 'amara',
    finger: 112,
    touches: ['good'],
    alert: { reference: 'SIS-UTO-2', kind: 'discreet-check' },
    outcome: 'passed',
    reasons: [],
  },
  {
    name: 'scanner-unplugged',
    language: 'en',
    document: document('KELLER', 'DANIEL', 'KL3380022', '1983-07-29', 'M'),
    portraitOf: 'daniel',
    person: 'daniel',
    finger: 110,
    touches: ['good'],
    trouble: 'scanner-unplugged',
    outcome: 'passed',
    reasons: [],
  },
];
