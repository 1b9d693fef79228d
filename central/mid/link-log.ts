import type { LinkVerdictColour } from '../../main/contract/link.ts';
import { ChainedLog } from '../log/chained-log.ts';
import type { Database } from '../sql.ts';

/** A verdict on a link, or one that was not taken: who gave it, what for, of which link; of whom, nothing. */
export interface LinkLine {
  readonly at: string;
  readonly event: 'settled' | 'refused';
  readonly verdictId: string;
  readonly link: string;
  readonly colour: LinkVerdictColour;
  readonly kioskId: string;
  readonly authority: string;
  readonly purpose: string;
  readonly staffId: string;
  readonly caseId: string;
}

export type LinkLog = ChainedLog<LinkLine>;

/** Opens the log of verdicts, chained as that of queries (Reg. (EU) 2019/817 Art. 36). */
export const openLinkLog = (database: Database, keptMonths: number): Promise<LinkLog> =>
  ChainedLog.open<LinkLine>(database, 'mid_log', keptMonths);
