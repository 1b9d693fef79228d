import { runQuietly } from './command.mjs';
import { prepareElectron } from './electron.mjs';
import { prepareNative } from './native.mjs';
import { preparePackages } from './packages.mjs';
import { step } from './say.mjs';
import { prepareSystem } from './system.mjs';
import { node24 } from './node.mjs';

/** Makes a checkout ready to run, from nothing. Every step is skipped when it has been done. */
export async function prepare() {
  await step('[1/6] system libraries', prepareSystem);
  await step('[2/6] npm packages', preparePackages);
  await step('[3/6] Electron', prepareElectron);
  await step('[4/6] native addon', prepareNative);
  await step('[5/6] face models', () =>
    runQuietly(node24(), ['models/prepare.ts'], 'converting the models').then(() => {}),
  );
  await step('[6/6] program', () => runQuietly(node24(), ['setup/build.mjs'], 'building').then(() => {}));
}
