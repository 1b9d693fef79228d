import type { LinkColour } from '../../main/contract/search.ts';

/** How two files agree in one respect; absent where one of them has nothing to compare. */
export type Likeness = 'same' | 'different' | 'absent';

/** How two files agree: in biometrics, in identity (what is similar is set by others), in a travel document. */
export interface Agreement {
  readonly biometrics: Likeness;
  readonly identity: Likeness | 'similar';
  readonly document: Likeness;
}

/** What a deployment lets the machine settle by itself. */
export interface MidRules {
  /** One person by biometrics and identity with another document: white at once, or yellow, for a person to see. */
  readonly newDocument: 'white' | 'yellow';
}

/**
 * The colour of a new link between files of two systems (Reg. (EU) 2019/817 Art. 28, 30, 33); undefined where there is none to
 * make. White where nothing is left to judge; yellow for a person. Green and red are only ever given by a person (Art. 31, 32).
 */
export function linkColour(
  { biometrics, identity, document }: Agreement,
  { newDocument }: MidRules,
): LinkColour | undefined {
  const sameDocument = document === 'same';
  switch (biometrics) {
    case 'same':
      // Art. 30(1)(a), 33(1)(a); a likeness of biometrics is a candidate, and a machine's word ends where the papers differ.
      if (identity === 'same') return sameDocument ? 'white' : newDocument;
      return 'yellow';
    case 'different':
      // Art. 30(1)(c), (d).
      if (identity === 'same' || sameDocument) return 'yellow';
      return undefined;
    case 'absent':
      // Art. 30(1)(b), 33(1)(b); a name alone links nobody.
      if (!sameDocument) return undefined;
      return identity === 'same' || identity === 'similar' ? 'white' : 'yellow';
  }
}

/** Who may judge a yellow link (Art. 29). */
export type MidAuthority = 'border-authority' | 'visa-authority' | 'etias-unit' | 'sirene';

/** Alerts whose links only the SIRENE bureau of the state that entered them judges (Art. 29(2)): a booth must not. */
export const sireneAlerts: ReadonlySet<string> = new Set([
  'arrest',
  'missing',
  'judicial',
  'discreet-check',
  'inquiry-check',
  'specific-check',
]);

/** A file as links know it; of SIS with the kind of its alert. */
export interface LinkedFile {
  readonly system: string;
  readonly file: string;
  readonly alertKind?: string;
}

/** The authority for a link: SIRENE where an alert is reserved to it, else that of the file that was made or changed. */
export function authorityOf(changed: LinkedFile, other: LinkedFile): MidAuthority {
  if ([changed, other].some(({ alertKind }) => alertKind !== undefined && sireneAlerts.has(alertKind))) return 'sirene';
  switch (changed.system) {
    case 'VIS':
      return 'visa-authority';
    case 'ETIAS':
      return 'etias-unit';
    case 'SIS':
      return 'sirene';
    default:
      return 'border-authority';
  }
}

/** A border authority verifies in the presence of the person, where possible within so long of the link (Art. 29(4)). */
const verifyWithinMs = 12 * 3_600_000;

/** Until when a yellow link is to be verified; undefined where it is not the border authority's. */
export function verifyBy({ authority, madeAt }: { authority: MidAuthority; madeAt: string }): string | undefined {
  return authority === 'border-authority' ? new Date(Date.parse(madeAt) + verifyWithinMs).toISOString() : undefined;
}
