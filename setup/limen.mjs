#!/usr/bin/env node
/**
 * The entry of every npm script: `node setup/limen.mjs COMMAND [ARGUMENTS]`. Runs on the machine's own Node (20 or
 * later), makes the checkout ready, and hands over to Node 24.
 */
import { resolve } from 'node:path';
import { chdir } from 'node:process';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { onDisplay } from './display.mjs';
import { node24 } from './node.mjs';
import { needs, prepare } from './prepare.mjs';
import { Missing, say } from './say.mjs';
import { systemTestCommand } from './system-test.mjs';
import { runTests } from './test.mjs';

const scripts = {
  bench: 'test/bench/bench.ts',
  evaluate: 'test/evaluate/evaluate.ts',
  fuzz: 'test/fuzz/fuzz.ts',
  'test:faults': 'test/faults/faults.ts',
  'test:silence': 'test/silence/silence.ts',
  central: 'central/main.ts',
  package: 'setup/package.mjs',
};

// npm starts its scripts in the checkout and tells where it was called.
const calledIn = process.env['INIT_CWD'] ?? process.cwd();
chdir(fileURLToPath(new URL('..', import.meta.url)));
const [command = '', ...args] = process.argv.slice(2);
try {
  if (Number.parseInt(process.versions.node, 10) < 20)
    throw new Missing(`Node 20 or later is needed; this is ${process.version}`);
  if (!Object.hasOwn(needs, command))
    throw new Missing(`there is no command ${command || '(none)'}: ${Object.keys(needs).join(', ')}`);
  await prepare(command);
  process.exitCode = await start();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  say(error.message);
  process.exitCode = 1;
}

function start() {
  if (command === 'setup') return 0;
  if (command === 'test') return runTests(args);
  if (command === 'test:system') return systemTestCommand(args);
  if (command === 'demo') return onDisplay(args.includes('--headless'), node24(), ['test/sim/demo/demo.ts', ...args]);
  if (command === 'audit' || command === 'policy')
    return run(node24(), [resolve(`setup/${command}.mjs`), ...args], { cwd: calledIn });
  return run(node24(), [scripts[command], ...args]);
}
