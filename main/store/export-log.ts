import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Fault } from '../contract/fault.ts';
import type { AuditLog } from './audit.ts';

const chunkRows = 500;

/**
 * Writes the log to a file that is there whole or not at all; others have their turn in between. Lines that are added meanwhile
 * are left out, and where lines were erased meanwhile it is begun anew. Fault: `store.failed`.
 */
export async function exportLog(audit: AuditLog, file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    while (!(await write(audit, draft)));
    renameSync(draft, file);
  } catch (error) {
    throw Fault.from(error, 'store.failed');
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether it was written whole. */
async function write(audit: AuditLog, file: string): Promise<boolean> {
  const { gone } = audit.state();
  const descriptor = openSync(file, 'w', 0o600);
  try {
    let rows = 0;
    for (const row of audit.rows()) {
      writeSync(descriptor, row);
      if (++rows % chunkRows !== 0) continue;
      await setImmediate();
      if (audit.state().gone !== gone) return false;
    }
    fsyncSync(descriptor);
    return true;
  } finally {
    closeSync(descriptor);
  }
}
