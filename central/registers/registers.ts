import type { SearchSource } from '../../main/contract/search.ts';
import type { Database } from '../sql.ts';
import { CirRegister } from './cir.ts';
import { EesRegister } from './ees.ts';
import { EtiasRegister } from './etias.ts';
import type { Match, Question, Source } from './register.ts';
import { type AlertKinds, SisRegister } from './sis.ts';
import { SltdRegister } from './sltd.ts';
import { VisRegister } from './vis.ts';

/** The registers of one central, each with tables of its own in the same database. */
export interface Registers {
  readonly ees: EesRegister;
  readonly vis: VisRegister;
  readonly etias: EtiasRegister;
  readonly sis: SisRegister;
  readonly sltd: SltdRegister;
  readonly cir: CirRegister;
}

/** Opens the registers. Fault: `config.invalid` where SIS holds alerts that the configuration does not know. */
export async function openRegisters(database: Database, alerts: AlertKinds): Promise<Registers> {
  const vis = await VisRegister.open(database);
  return {
    vis,
    ees: await EesRegister.open(database, (document, day) => vis.holding(document, day)),
    etias: await EtiasRegister.open(database),
    sis: await SisRegister.open(database, alerts),
    sltd: await SltdRegister.open(database),
    cir: await CirRegister.open(database),
  };
}

/** The registers as sources of the portal. What each may be told is decided here, and SLTD is told a number (R21). */
export function sourcesOf({ ees, vis, etias, sis, sltd, cir }: Registers): Source[] {
  const byDocument: Source['takes'] = ({ document }) => document !== undefined;
  const byAnything: Source['takes'] = ({ document, identity }) => (document ?? identity) !== undefined;
  const source = (
    source: SearchSource,
    takes: Source['takes'],
    search: (question: Question) => Promise<Match[]>,
  ): Source => ({
    source,
    takes,
    ask: async (question) => ({ matches: await search(question), complete: true }),
  });
  return [
    source('EES', byAnything, (question) => ees.search(question)),
    source('VIS', byDocument, (question) => vis.search(question)),
    source('ETIAS', byDocument, (question) => etias.search(question)),
    source('SIS', byAnything, (question) => sis.search(question)),
    source('SLTD', byDocument, ({ document }) => (document ? sltd.search(document.number) : Promise.resolve([]))),
    source('CIR', byAnything, (question) => cir.search(question)),
  ];
}
