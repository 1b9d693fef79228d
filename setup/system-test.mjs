import { writeFileSync } from 'node:fs';
import { runQuietly } from './command.mjs';
import { kernel } from './kernel.mjs';
import { consoleText, runMachine } from './machine.mjs';
import { node24 } from './node.mjs';
import { say } from './say.mjs';

const figures = '.cache/system-figures.jsonl';

export const takeIn = 'LIMEN_SYSTEM_TESTS';

/**
 * Whether `npm test` runs them at its end. Not by itself: on an emulated kernel now and then a device is lost that should not be,
 * and what a change is judged by has to be sure.
 */
export const withSystemTests = () => Boolean(process.env[takeIn]);

/**
 * Boots Debian's kernel and runs test/system in it, real drivers on simulated devices; all of it, or the files named.
 * Gives how many tests passed, failed and were skipped. A guest that does not say so itself counts as a failure.
 */
export async function runSystemTests(args) {
  const run = new SystemRun();
  await runQuietly(node24(), ['--no-warnings', 'setup/strip-types.mjs'], 'taking the types off');
  const { release } = kernel();
  const started = performance.now();
  const why = await runMachine(kernel(), args, (line) => run.hear(line));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`system tests on ${release}: ${seconds} s`);
  writeFileSync(figures, run.figures.map((line) => `${line}\n`).join(''));
  const tally = tallyOf(run.results, why, consoleText());
  if (tally) return tally;
  say(`FAILED: the guest of the system tests: ${why}. Its console ends so:`);
  process.stdout.write(`${consoleText().trim().split('\n').slice(-40).join('\n')}\n`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** Runs them as a command of its own, which closes with the line `N passed, N failed`. */
export async function systemTestCommand(args) {
  const { passed, failed, skipped } = await runSystemTests(args);
  if (skipped > 0) say(`system tests: ${skipped} skipped`);
  const failures = failed + (process.env.CI ? skipped : 0);
  process.stdout.write(`${passed} passed, ${failures} failed\n`);
  return failures === 0 && passed > 0 ? 0 : 1;
}

/** What a guest says: its result, figures for the benchmark, and words for whoever looks on. */
class SystemRun {
  results = [];
  figures = [];

  hear(line) {
    if (line.startsWith('result ')) this.results.push(line.slice('result '.length));
    else if (line.startsWith('figure ')) this.figures.push(line.slice('figure '.length));
    else process.stdout.write(`${line}\n`);
  }
}

/** The one result a sound run gives, or undefined: `STATUS {"passed":N,"failed":N,"skipped":N}`, and a guest that ended itself. */
export function tallyOf(results, why, console) {
  const [result, ...more] = results;
  const [, status, json] = /^(\d+) (\{.*\})$/.exec(result ?? '') ?? [];
  if (!json || more.length > 0 || why !== 'switched off' || !/^limen: guest ends with 0$/m.test(console))
    return undefined;
  const { passed, failed, skipped } = parsed(json) ?? {};
  const counts = [passed, failed, skipped];
  if (!counts.every((count) => Number.isInteger(count) && count >= 0) || passed + failed === 0) return undefined;
  return (Number(status) === 0) === (failed === 0) ? { passed, failed, skipped } : undefined;
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
