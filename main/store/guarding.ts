import { Fault, type FaultCode } from '../contract/fault.ts';
import type { RollbackGuard } from './rollback.ts';

/** Looks now and then whether the mark against old copies of a store is due. */
export interface Guarding {
  /** Whether an old copy, put back, would be found out. */
  readonly guarded: boolean;
  stop(): void;
}

const everyMs = 600_000;

/** Begins to look; `onFault` hears why the mark could not be moved on. */
export function startGuarding(guard: RollbackGuard | undefined, onFault: (code: FaultCode) => void): Guarding {
  let guarded = guard !== undefined;
  const moveOn = async () => {
    try {
      await guard?.advance();
      guarded = guard !== undefined;
    } catch (error) {
      guarded = false;
      onFault(Fault.from(error).code);
    }
  };
  const looking = setInterval(() => void moveOn(), everyMs);
  return {
    get guarded() {
      return guarded;
    },
    stop: () => clearInterval(looking),
  };
}
