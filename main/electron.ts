import { join } from 'node:path';
import { app } from 'electron';
import { configFile, readConfig } from './config/config.ts';
import { commandOf, limenCommand } from './limen.ts';
import { root } from './root.ts';
import { builtFiles, openShell } from './shell/shell.ts';

/** The entry of the product: the shell around the core with real devices, or a command that needs neither. */
const command = commandOf(process.argv.slice(1));
if (command) app.exit(await limenCommand(command, (row) => process.stdout.write(`${row}\n`)));
else start();

function start(): void {
  try {
    openShell({
      config: readConfig(configFile()),
      coreEntry: join(import.meta.dirname, 'core.js'),
      coreEnv: { ...process.env },
      ...builtFiles(join(root, 'dist')),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}
