import type { DocumentReference, Identity } from '../../../central/registers/register.ts';
import type { Person } from '../../../central/registers/ees.ts';
import type { Registers } from '../../../central/registers/registers.ts';
import { addDays } from '../../../central/ees/calendar.ts';
import { stream } from '../finger/random.ts';

const surnames = [
  'ABUBAKAR',
  'AL SHARIF',
  'BOTERO',
  'CHEN',
  'DIALLO',
  'HADDAD',
  'KOVALENKO',
  'NGUYEN',
  'OKAFOR',
  'SILVA',
];
const givenNames = [
  'AMARA',
  'ANA MARIA',
  'DMYTRO',
  'HANA',
  'LUCIA',
  'MUHAMMAD YUSUF',
  'SAMUEL',
  'THI MAI',
  'WEI',
  'YARA',
];
const states = ['BRA', 'CHN', 'COL', 'LBN', 'MLI', 'NGA', 'UKR', 'VNM'];
const alertKinds = [
  'refusal-of-entry',
  'arrest',
  'missing',
  'judicial',
  'discreet-check',
  'inquiry-check',
  'specific-check',
  'document-invalidated',
] as const;

/** An invented traveller, and what the registers are to know of them. */
export interface Resident {
  readonly person: Person;
  readonly identity: Identity;
  readonly document: DocumentReference;
  readonly visa: boolean;
  readonly authorisation: boolean;
  readonly alerts: readonly string[];
  readonly lost: boolean;
  /** Pairs of days, the last one without an exit where the traveller is inside. */
  readonly stays: readonly (readonly [string, string?])[];
}

/** Draws travellers, the same for the same seed: half need a visa, every tenth has an alert, some came before, few are too long here. */
export function drawPopulation(seed: number, count: number, today: string): Resident[] {
  return Array.from({ length: count }, (_, i) => drawResident(stream(seed, i), i, today));
}

function drawResident(random: () => number, index: number, today: string): Resident {
  const of = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const state = of(states);
  const document = { number: `${state[0]}${String(1_000_000 + index)}${between(0, 9)}`, issuingState: state };
  const birthDate = addDays('1950-01-01', between(0, 20_000));
  const identity = { surname: of(surnames), givenNames: of(givenNames), birthDate };
  const visa = random() < 0.5;
  const alerts = random() < 0.1 ? [of(alertKinds)] : [];
  if (alerts.length > 0 && random() < 0.2) alerts.push(of(alertKinds));
  const stays: [string, string?][] = [];
  for (let back = between(10, 400), i = between(0, 3); i > 0; i--) {
    const entry = addDays(today, -back);
    const length = between(0, 60);
    stays.push(back - length > 0 ? [entry, addDays(entry, length)] : [entry]);
    back -= length + between(1, 60);
    if (back <= 0) break;
  }
  const expiryDate = addDays(today, between(100, 3000));
  const person = { ...identity, document: { ...document, expiryDate }, nationality: state, sex: of(['F', 'M', 'X']) };
  return { person, identity, document, visa, authorisation: !visa, alerts, lost: random() < 0.03, stays };
}

/** Enters what there is to know of a traveller in the registers. */
export async function settle(
  { ees, vis, etias, sis, sltd, cir }: Registers,
  resident: Resident,
  today: string,
): Promise<void> {
  const { person, identity, document, visa, authorisation, alerts, lost, stays } = resident;
  const own = document.number;
  const common = { place: 'booth-1', fallback: false };
  for (const [i, [entry, exit]] of stays.entries()) {
    const at = `${entry}T09:00:00.000Z`;
    await ees.record(person, { ...common, recordId: `${own}-${i}-in`, direction: 'entry', day: entry, at });
    if (exit !== undefined) {
      const left = `${exit}T21:00:00.000Z`;
      await ees.record(person, { ...common, recordId: `${own}-${i}-out`, direction: 'exit', day: exit, at: left });
    }
  }
  const [validFrom, validUntil] = [addDays(today, -500), addDays(today, 200)];
  if (visa) await vis.issue({ sticker: `V${own}`, document, validFrom, validUntil, days: 90, entries: 'many' });
  if (authorisation) await etias.decide({ reference: `E${own}`, document, validUntil, status: 'issued' });
  for (const kind of alerts) {
    const onDocument = kind === 'document-invalidated';
    const expiresOn = addDays(today, 300);
    const [identities, documents] = onDocument ? [[], [document]] : [[identity], []];
    await sis.enter({ reference: `S${own}.${kind}`, kind, expiresOn, identities, documents });
  }
  if (lost) await sltd.report(own, 'lost');
  const files = [
    ...(stays.length > 0 ? [{ system: 'EES', reference: `F${own}` }] : []),
    ...(visa ? [{ system: 'VIS', reference: `V${own}` }] : []),
    ...(authorisation ? [{ system: 'ETIAS', reference: `E${own}` }] : []),
  ];
  await cir.file({ reference: `C${own}`, identities: [identity], documents: [document], files });
}
