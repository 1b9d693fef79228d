import { pino } from 'pino';

/** What a log line may hold besides its name: codes and figures. There is no way to log a string of one's own. */
export interface LogFacts {
  readonly fault?: string;
  readonly role?: string;
  readonly stage?: string;
  readonly outcome?: string;
  readonly count?: number;
  readonly ms?: number;
  readonly version?: string;
}

/** Writes one line for an event named in the code. */
export type Log = (event: string, facts?: LogFacts) => void;

/** A log of JSON lines on standard error. Only the facts named in LogFacts pass, whatever an object carries. */
export function openLog(): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
  return (event, { fault, role, stage, outcome, count, ms, version } = {}) =>
    logger.info({ event, fault, role, stage, outcome, count, ms, version });
}
