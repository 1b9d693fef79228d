import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { auditCommand, type ExitCode } from './audit/command.ts';
import { configFile, readConfig } from './config/config.ts';
import { Fault } from './contract/fault.ts';
import type { Store } from './store/store.ts';

/** The words of a command out of those a program was called with; undefined where a kiosk is to be started. */
export function commandOf(words: readonly string[]): readonly string[] | undefined {
  // Switches of Chromium, and in development the program's own file, come before it.
  const at = words.findIndex((word) => !word.startsWith('-') && !word.endsWith('.js'));
  return words[at] === 'audit' || words[at] === 'policy' ? words.slice(at) : undefined;
}

/** `limen policy …`, `limen audit verify FILE …`, and `limen audit export FILE` on a machine whose kiosk is stopped. `print` gets whole rows. */
export async function limenCommand(args: readonly string[], print: (row: string) => void): Promise<ExitCode> {
  const [room, what, file, ...more] = args;
  if (room === 'policy') return (await import('./watchlist/policy-command.ts')).policyCommand(args.slice(1), print);
  if (what !== 'export') return auditCommand(args.slice(1), print);
  if (file === undefined || more.length > 0) {
    print('usage: limen audit export FILE');
    return 2;
  }
  try {
    const { stateDir, tpm, central } = readConfig(configFile());
    // The shell, which has this file as well, never loads the database.
    const [{ openKeptStore }, { readCredentials }] = await Promise.all([
      import('./store/open-kept-store.ts'),
      import('./uplink/credentials.ts'),
    ]);
    const officeKey = tpm && readCredentials(central.credentials).officeKey;
    const { store } = await openKeptStore({
      directory: stateDir,
      now: Date.now,
      ...(tpm && { tpm }),
      ...(officeKey && { officeKey }),
    });
    try {
      store.note({ event: 'technician-acted', action: 'export-log' });
      exportLog(store, file);
      print(`key ${store.audit.state().key}`);
    } finally {
      store.close();
    }
    return 0;
  } catch (error) {
    const { code, message } = Fault.from(error, 'store.failed');
    print(`${code}: ${message}`);
    return 2;
  }
}

/** Writes the log to a file that is there whole or not at all. */
export function exportLog({ audit }: Pick<Store, 'audit'>, file: string): void {
  const draft = `${file}.${randomUUID()}.draft`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    for (const rows of audit.rows()) writeSync(descriptor, rows);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
