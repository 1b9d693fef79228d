import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Probe, probeOf } from '../../../central/sbms/probe.ts';
import { openSbmsLog, type SbmsLog } from '../../../central/sbms/sbms-log.ts';
import { Sbms, type SbmsRules } from '../../../central/sbms/sbms.ts';
import type { BiometricSystem, StoredTemplate } from '../../../central/sbms/template.ts';
import type { Database, SqlValue } from '../../../central/sql.ts';
import { probesOf } from '../../sim/central/biometrics.ts';
import { openAt, remove } from '../place.ts';

export const rules: SbmsRules = { leastQuality: { finger: 40, face: 30 }, maxGalleryBytes: 1 << 30 };
export const asker = {
  queryId: 'query-1',
  authority: 'border-police',
  purpose: 'border-check-entry',
  caseId: 'case-1',
};
export const ever = new AbortController().signal;

/** A matching service on a database of its own. Gone with `dispose`. */
export interface NearSbms extends AsyncDisposable {
  readonly database: Database;
  readonly sbms: Sbms;
  readonly log: SbmsLog;
  /** Another one on the same database, as after a start. */
  again(more?: Partial<SbmsRules>, through?: Database): Promise<Sbms>;
  /** Stores all that a person gave, and has it in memory. */
  settle(system: BiometricSystem, file: string, templates: readonly StoredTemplate[]): Promise<void>;
}

export async function nearSbms(more: Partial<SbmsRules> = {}): Promise<NearSbms> {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const file = join(directory, 'central.db');
  const database = await openAt(file, randomBytes(32));
  const log = await openSbmsLog(database, 12);
  const opened: Sbms[] = [];
  const again = async (other: Partial<SbmsRules> = {}, through: Database = database) => {
    const sbms = await Sbms.open(through, { log, rules: { ...rules, ...other }, now: () => new Date() });
    opened.push(sbms);
    return sbms;
  };
  const sbms = await again(more);
  return {
    database,
    sbms,
    log,
    again,
    async settle(system, file, templates) {
      for (const kind of ['finger', 'face'] as const)
        await sbms.store(
          system,
          file,
          kind,
          templates.filter((each) => each.kind === kind),
        );
      await sbms.follow();
    },
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close();
      await database.close();
      await remove(file);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A probe of templates, as a question would bring it. */
export async function probe(templates: readonly StoredTemplate[]): Promise<Probe> {
  const read = await probeOf(probesOf(templates), rules.leastQuality);
  if (!read || read === 'malformed') throw new Error('no probe');
  return read;
}

/** The same database, which gives templates from a first reading only when that is resolved. */
export function heldUntil(database: Database, opened: Promise<void>): Database {
  return {
    dialect: database.dialect,
    async all<Row>(text: string, values?: readonly SqlValue[]) {
      if (text.includes('(file, kind, slot) >')) await opened;
      return database.all<Row>(text, values);
    },
    get: (text, values) => database.get(text, values),
    run: (text, values) => database.run(text, values),
    exec: (statements) => database.exec(statements),
    transaction: (work, lock) => database.transaction(work, lock),
    close: () => database.close(),
  };
}
