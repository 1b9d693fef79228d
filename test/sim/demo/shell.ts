import { join } from 'node:path';
import { configFile, readConfig } from '../../../main/config/config.ts';
import { root } from '../../../main/root.ts';
import { builtFiles, openShell } from '../../../main/shell/shell.ts';

/** The entry of the demonstration: the product's own shell around a core with simulated devices. */
openShell({
  config: readConfig(configFile()),
  coreEntry: join(import.meta.dirname, 'core.js'),
  coreEnv: { ...process.env },
  ...builtFiles(join(root, 'dist')),
});
