import { Fault, type FaultCode } from '../main/contract/fault.ts';

const codes: Readonly<Record<string, FaultCode>> = {
  '53100': 'store.full',
  XX001: 'store.corrupt',
  XX002: 'store.corrupt',
};

/** Another transaction was in the way: the same again may well succeed (serialization failure, deadlock). */
export function isInTheWay(fault: unknown): boolean {
  return fault instanceof Fault && (fault.cause === '40001' || fault.cause === '40P01');
}

/** What went wrong, by its SQLSTATE or errno alone: the server's words may quote a value, or say who connects with what. */
export function postgresFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const cause = typeof code === 'string' ? code : 'connection';
  // What a function of the schema raises are words of ours.
  const words = cause === 'P0001' ? String(message) : `PostgreSQL: ${cause}`;
  return new Fault(codes[cause] ?? 'store.failed', words, { cause });
}
