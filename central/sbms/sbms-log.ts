import { ChainedLog } from '../log/chained-log.ts';
import type { Database } from '../sql.ts';
import type { BiometricKind, BiometricSystem } from './template.ts';

/** Who has templates compared, and what for: a question of a portal, or a service of central that links files. */
export interface Asker {
  readonly queryId: string;
  readonly kioskId?: string;
  readonly authority: string;
  readonly purpose: string;
  readonly staffId?: string;
  readonly caseId: string;
}

/** A template came, in the place of all of its kind that the file had, or went with its file. */
export interface TemplateLine {
  readonly at: string;
  readonly event: 'stored' | 'erased';
  readonly system: BiometricSystem;
  readonly file: string;
  readonly kind?: BiometricKind;
  readonly count: number;
  readonly made?: readonly string[];
}

/** Templates of a system were compared; of what was found only how much. */
export interface UseLine extends Asker {
  readonly at: string;
  readonly event: 'searched' | 'compared';
  readonly system: BiometricSystem;
  readonly kinds: readonly BiometricKind[];
  readonly candidates: number;
  readonly complete: boolean;
}

/**
 * What the regulation asks to be logged (Reg. (EU) 2019/817 Art. 16): who searched which system with what type of data, when and
 * with what result, and the history of each template.
 */
export type SbmsLine = TemplateLine | UseLine;
export type SbmsLog = ChainedLog<SbmsLine>;

/** Opens the log of matching, chained as that of queries. */
export const openSbmsLog = (database: Database, keptMonths: number): Promise<SbmsLog> =>
  ChainedLog.open<SbmsLine>(database, 'sbms_log', keptMonths);
