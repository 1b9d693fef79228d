import type { SearchSource } from '../../main/contract/search.ts';
import type { Sbms } from '../sbms/sbms.ts';
import type { Database } from '../sql.ts';
import { type Matching, matchingOf, matchingOfCir, searchByAll } from './biometric-search.ts';
import { CirRegister } from './cir.ts';
import { EesRegister } from './ees.ts';
import { EtiasRegister } from './etias.ts';
import type { FiledMatch, Match, Question, Source } from './register.ts';
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

/**
 * The registers as sources of the portal. What each may be told is decided here: SLTD is told a number (R21), and biometrics go
 * to systems that have such.
 */
export function sourcesOf({ ees, vis, etias, sis, sltd, cir }: Registers, sbms: Sbms): Source[] {
  const byDocument: Source['takes'] = ({ document }) => document !== undefined;
  const byBiometrics: Source['takes'] = ({ finger, face }) => (finger ?? face) !== undefined;
  const byAnything: Source['takes'] = (query) =>
    (query.document ?? query.identity) !== undefined || byBiometrics(query);
  const source = (
    source: SearchSource,
    takes: Source['takes'],
    search: (question: Question) => Promise<Match[]>,
  ): Source => ({
    source,
    takes,
    ask: async ({ document, identity, kinds, today }) => ({
      matches: await search({ ...(document && { document }), ...(identity && { identity }), kinds, today }),
      complete: true,
    }),
  });
  const withFiles = (
    source: SearchSource,
    takes: Source['takes'],
    search: (question: Question) => Promise<FiledMatch[]>,
    told: readonly ('document' | 'identity')[],
    matching: Matching,
  ): Source => ({ source, takes, ask: (question, signal) => searchByAll(search, told, matching, question, signal) });
  return [
    withFiles('EES', byAnything, (question) => ees.search(question), ['document', 'identity'], matchingOf(sbms, 'EES')),
    withFiles(
      'VIS',
      (query) => byDocument(query) || byBiometrics(query),
      (question) => vis.search(question),
      ['document'],
      matchingOf(sbms, 'VIS'),
    ),
    source('ETIAS', byDocument, (question) => etias.search(question)),
    withFiles('SIS', byAnything, (question) => sis.search(question), [], matchingOf(sbms, 'SIS')),
    source('SLTD', byDocument, ({ document }) => (document ? sltd.search(document.number) : Promise.resolve([]))),
    withFiles(
      'CIR',
      byAnything,
      (question) => cir.search(question),
      ['document', 'identity'],
      matchingOfCir(sbms, cir),
    ),
  ];
}
