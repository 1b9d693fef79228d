import { runQuietly } from './command.mjs';
import { prepareElectron } from './electron.mjs';
import { prepareKernel } from './kernel.mjs';
import { prepareNative } from './native.mjs';
import { node24 } from './node.mjs';
import { preparePackages } from './packages.mjs';
import { step } from './say.mjs';
import { withSystemTests } from './system-test.mjs';
import { prepareFuzzing, prepareMachine, prepareServers, prepareSystem, prepareTools } from './system.mjs';

const steps = {
  tools: ['build tools', prepareTools],
  fuzzing: ['fuzzing tools', prepareFuzzing],
  system: ['system libraries', prepareSystem],
  servers: ["servers of central's tests", prepareServers],
  machine: ['emulated machine', prepareMachine],
  kernel: ["Debian's kernel", prepareKernel],
  packages: ['npm packages', preparePackages],
  electron: ['Electron', prepareElectron],
  native: ['native addon', prepareNative],
  models: ['models', () => onNode24('models/prepare.ts', 'converting the models')],
  program: ['program', () => onNode24('setup/build.mjs', 'building')],
};

async function onNode24(file, what) {
  await runQuietly(node24(), [file], what);
}

const everything = ['system', 'packages', 'electron', 'native', 'models', 'program'];
const computation = ['tools', 'packages', 'native', 'models'];

/** What each command needs, in order. */
export const needs = {
  setup: everything,
  demo: everything,
  test: [...everything, 'servers', ...(withSystemTests() ? ['machine', 'kernel'] : [])],
  'test:faults': ['tools', 'packages'],
  'test:system': ['machine', 'packages', 'kernel'],
  package: everything,
  bench: [...computation, 'servers'],
  evaluate: computation,
  fuzz: ['fuzzing', 'packages', 'native'],
  central: ['packages'],
  audit: ['packages'],
};

/** Makes a checkout ready for a command, from nothing. Every step is skipped when it has been done. */
export async function prepare(command) {
  const names = needs[command];
  for (const [index, name] of names.entries()) {
    const [title, work] = steps[name];
    await step(`[${index + 1}/${names.length}] ${title}`, work);
  }
}
