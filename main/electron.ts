import { join } from 'node:path';
import { app } from 'electron';
import { configFile, readConfig } from './config/config.ts';
import { root } from './root.ts';
import { builtFiles, openShell } from './shell/shell.ts';

/** The entry of the product: the shell around the core with real devices. */
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
