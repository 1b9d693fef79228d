import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** How long the machine has run, and in which run of it that is. */
export interface Uptime {
  /** Names the run: another after every start of the machine. */
  readonly bootId: string;
  /** Milliseconds since the start, sleep included; no clock that is set has a say in it. */
  ms(): number;
}

/** That of this machine. Where its run has no name each start of the program is taken for one of the machine. */
export function machineUptime(): Uptime {
  return { bootId: bootId(), ms: () => uptime() * 1000 };
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return crypto.randomUUID();
  }
}
