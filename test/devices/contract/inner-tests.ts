import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { type InnerTest, mark } from './inner-reporter.ts';

/** The arguments that make Node run a file of tests and tell of each in a line. */
export const innerTests = (file: string, ...args: string[]): string[] => [
  `--test-reporter=${join(import.meta.dirname, 'inner-reporter.ts')}`,
  join(import.meta.dirname, file),
  ...args,
];

/**
 * Runs a command that runs tests somewhere else and makes each a test of its own here, as it ends, with its own failure. What
 * else it prints is shown when it ends badly without a failed test, or without any test at all.
 */
export async function runInner(t: TestContext, command: string, args: readonly string[]): Promise<void> {
  // Told of a runner above it, Node would report to that one in its own way.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  t.after(() => child.kill());
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
  const printed: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  let [tests, failed] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith(mark)) {
      printed.push(`${line}\n`);
      continue;
    }
    const inner = JSON.parse(line.slice(mark.length)) as InnerTest;
    tests++;
    if (inner.failure !== undefined) failed++;
    await t.test(inner.name, { skip: inner.skipped ?? false }, () => {
      // Where it failed is told by its own stack.
      if (inner.failure !== undefined) throw Object.assign(new Error(inner.failure), { stack: inner.failure });
    });
  }
  const code = await ended;
  const all = `${[command, ...args].join(' ')} ended with ${code} after ${tests} tests:\n${printed.join('')}`;
  assert.ok(tests > 0 && (code === 0 || failed > 0), all);
}
