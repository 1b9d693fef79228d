import { auditCommand, type ExitCode } from './audit/command.ts';
import { configFile, readConfig } from './config/config.ts';
import { Fault } from './contract/fault.ts';

/** The words of a command out of those a program was called with; undefined where a kiosk is to be started. */
export function commandOf(words: readonly string[]): readonly string[] | undefined {
  // Switches of Chromium, and in development the program's own file, come before it.
  const at = words.findIndex((word) => !word.startsWith('-') && !word.endsWith('.js'));
  return words[at] === 'audit' ? words.slice(at) : undefined;
}

/** `limen audit verify FILE …`, and `limen audit export FILE` on a machine whose kiosk is stopped. `print` gets whole rows. */
export async function limenCommand(args: readonly string[], print: (row: string) => void): Promise<ExitCode> {
  const [, what, file, ...more] = args;
  if (what !== 'export') return auditCommand(args.slice(1), print);
  if (file === undefined || more.length > 0) {
    print('usage: limen audit export FILE');
    return 2;
  }
  try {
    const { stateDir, tpm, central } = readConfig(configFile());
    // The shell, which has this file as well, never loads the database.
    const [{ openKeptStore }, { exportLog }, { readCredentials }] = await Promise.all([
      import('./store/open-kept-store.ts'),
      import('./store/export-log.ts'),
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
      await exportLog(store.audit, file);
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
