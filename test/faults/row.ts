/** How much is to be done: the short form is part of `npm test`, the long one is `npm run test:faults`. */
export type Length = 'short' | 'long';

/** What a row found: figures, and what of them must never be. */
export interface Finding {
  /** Told in the table. */
  readonly figures: Readonly<Record<string, number>>;
  /** What was promised and is not so; nothing where the promise held. */
  readonly broken: readonly string[];
}

/** One row of the fault matrix. */
export interface Row {
  readonly number: number;
  readonly fault: string;
  readonly promise: string;
  readonly injection: string;
  /** A setting that must break the promise: a test that cannot fail proves nothing. */
  readonly control: string;
  /** Why it cannot run here; undefined where it can. */
  unable?(): string | undefined;
  prove(length: Length): Promise<Finding>;
  /** Runs with the control's setting: its finding must be broken. */
  disprove(length: Length): Promise<Finding>;
}

/** A finding out of an account and what it must be zero in. */
export function findingOf(figures: Readonly<Record<string, number>>, mustBeZero: readonly string[]): Finding {
  const broken = mustBeZero.filter((name) => figures[name] !== 0).map((name) => `${name}: ${figures[name]}`);
  return { figures, broken };
}

const chances = 5;

/** Runs with the control's setting until it is caught: where the fault falls is drawn by lot, and may spare one run. */
export async function disproof(row: Row, length: Length): Promise<Finding> {
  let finding = await row.disprove(length);
  for (let i = 1; i < chances && finding.broken.length === 0; i++) finding = await row.disprove(length);
  return finding;
}
