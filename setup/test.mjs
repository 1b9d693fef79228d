import { readFileSync, rmSync } from 'node:fs';
import { run } from './command.mjs';
import { onDisplay } from './display.mjs';
import { node24 } from './node.mjs';
import { say } from './say.mjs';
import { runSystemTests, takeIn, withSystemTests } from './system-test.mjs';

/** @type {[string, string[]][]} */
const checks = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['lint', ['node_modules/oxlint/bin/oxlint', '--type-aware', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
  ['types of the screens', ['node_modules/typescript/bin/tsc', '-p', 'renderer/tsconfig.json']],
];

const counts = { passed: 0, failed: 0 };

/** Runs every check and test and closes with the line `N passed, N failed`. */
export async function runTests(args) {
  for (const [name, command] of checks) {
    say(`checking ${name}`);
    count(await run(node24(), command), name);
  }
  await runUnitTests(args);
  await runWindowTests();
  await runGuestTests();
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  return counts.failed === 0 ? 0 : 1;
}

async function runUnitTests(args) {
  say('unit, property and contract tests');
  const tally = '.cache/unit-tests.json';
  rmSync(tally, { force: true });
  const reporters = ['--test-reporter=./setup/failures-reporter.mjs', '--test-reporter-destination=stdout'];
  const toFile = ['--test-reporter=./setup/tally-reporter.mjs', `--test-reporter-destination=${tally}`];
  const files = args.length > 0 ? args : ['test/**/*.test.ts'];
  // No test takes minutes: one that hangs is a failure with a name.
  const options = ['--test', '--test-concurrency=2', '--test-timeout=600000'];
  const code = await run(node24(), [...options, ...reporters, ...toFile, ...files]);
  add(readTally(tally), code, 'unit tests');
}

async function runWindowTests() {
  say('end-to-end tests in real windows');
  const tally = '.cache/window-tests.json';
  rmSync(tally, { force: true });
  const code = await onDisplay(true, node24(), ['node_modules/@playwright/test/cli.js', 'test']);
  add(readTally(tally), code, 'end-to-end tests');
}

async function runGuestTests() {
  if (!withSystemTests()) {
    say(`LEFT OUT: system tests of the devices on a real kernel (npm run test:system, or ${takeIn}=1)`);
    return;
  }
  say('system tests: devices on a real kernel, in an emulated machine');
  const tally = await runSystemTests([]);
  add(tally, tally.failed, 'system tests');
  // Where nobody looks on, what did not run has failed.
  if (process.env.CI && tally.skipped > 0) count(1, 'system tests were skipped');
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** A runner that failed without a failed test, or that ran no test at all, counts as one failure. */
function add(tally, code, name) {
  counts.passed += tally.passed;
  counts.failed += tally.failed;
  if (tally.skipped) say(`${name}: ${tally.skipped} skipped`);
  if ((code !== 0 && tally.failed === 0) || tally.passed + tally.failed === 0) count(1, name);
}

function count(code, name) {
  if (code === 0) counts.passed += 1;
  else {
    counts.failed += 1;
    say(`FAILED: ${name}`);
  }
}
