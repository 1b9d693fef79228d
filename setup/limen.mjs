/**
 * The entry of every npm script: `node setup/limen.mjs COMMAND [ARGUMENTS]`. Runs on the machine's own Node (20 or
 * later), makes the checkout ready, and hands over to Node 24.
 */
import { chdir } from 'node:process';
import { run } from './command.mjs';
import { node24 } from './node.mjs';
import { prepare } from './prepare.mjs';
import { Missing, say } from './say.mjs';
import { onDisplay } from './display.mjs';
import { runTests } from './test.mjs';

const scripts = {
  bench: 'test/bench/bench.ts',
  evaluate: 'test/evaluate/evaluate.ts',
  central: 'central/main.ts',
  package: 'setup/package.mjs',
};

chdir(new URL('..', import.meta.url).pathname);
const [command = '', ...args] = process.argv.slice(2);
try {
  await prepare();
  process.exitCode = await start();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  say(error.message);
  process.exitCode = 1;
}

function start() {
  if (command === 'setup') return 0;
  if (command === 'test') return runTests(args);
  if (command === 'demo') return onDisplay(args.includes('--headless'), node24(), ['test/sim/demo/demo.ts', ...args]);
  if (command in scripts) return run(node24(), [scripts[command], ...args]);
  throw new Missing(
    `there is no command ${command || '(none)'}: setup, demo, test, ${Object.keys(scripts).join(', ')}`,
  );
}
