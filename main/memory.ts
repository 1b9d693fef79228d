import { writeFileSync } from 'node:fs';

/**
 * Keeps what this process has in memory out of any image that the system makes of it when it crashes (core(5),
 * /proc/PID/coredump_filter): faces and fingers are there in clear. Where the system has no such thing nothing is done.
 */
export function keepMemoryOutOfDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not Linux, or dumps are not built in.
  }
}
