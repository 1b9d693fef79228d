import type { Alert } from '../contract/watchlist.ts';

/** An alert's document that agrees with the one asked for. */
export interface DocumentMatch {
  readonly reference: string;
  /** 1 for the same number, less when letters were read that look like digits. */
  readonly score: number;
}

/** The least score of a document match: a number alike but for O and 0, I and 1. */
export const documentThreshold = 0.9;

/** Codes that stand for one issuing state (ICAO Doc 9303 part 3, section 5, and codes it has withdrawn). */
const sameState: Readonly<Record<string, string>> = {
  DEU: 'D',
  GBD: 'GBR',
  GBN: 'GBR',
  GBO: 'GBR',
  GBP: 'GBR',
  GBS: 'GBR',
  UNA: 'UNO',
  UNK: 'RKS',
  XKX: 'RKS',
  ROM: 'ROU',
  ZAR: 'COD',
  TMP: 'TLS',
  BUR: 'MMR',
};

function state(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^A-Z]/g, '');
  return sameState[plain] ?? plain;
}

function plainNumber(number: string): string {
  return number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

function withoutLookalikes(number: string): string {
  return number.replaceAll('O', '0').replaceAll('I', '1');
}

interface Listed {
  readonly reference: string;
  readonly number: string;
  readonly state: string;
}

/** The documents of a list, found by number and issuing state. */
export class DocumentIndex {
  readonly #listed = new Map<string, Listed[]>();

  constructor(alerts: readonly Alert[]) {
    for (const { reference, documents } of alerts) {
      for (const document of documents) {
        const number = plainNumber(document.number);
        const key = withoutLookalikes(number);
        const entry = { reference, number, state: state(document.issuingState) };
        const same = this.#listed.get(key);
        if (same) same.push(entry);
        else this.#listed.set(key, [entry]);
      }
    }
  }

  /** Every alert with this number whose issuing state is the same, or not known on one side. */
  search(number: string, issuingState: string): DocumentMatch[] {
    const asked = plainNumber(number);
    const from = state(issuingState);
    if (asked === '') return [];
    return (this.#listed.get(withoutLookalikes(asked)) ?? [])
      .filter((listed) => listed.state === from || listed.state === '' || from === '')
      .map(({ reference, number }) => ({ reference, score: number === asked ? 1 : documentThreshold }));
  }
}
