import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fuzzDevices } from './devices/devices.ts';
import { seeds, type Target, targets } from './seeds.ts';

const folder = resolve('.cache/fuzz');
const usualSeconds = 60;
/** Short traces of allocations and a short memory of what was freed make the sanitizer several times as fast. */
const sanitizer = { ASAN_OPTIONS: 'malloc_context_size=1:quarantine_size_mb=16' };

interface Wanted {
  readonly limit: string;
  readonly names: readonly Target[];
}

/**
 * Fuzzes the native core: `node test/fuzz/fuzz.ts [60s | 1000000runs] [TARGET...]`, the limit for each target. Prints how
 * often each was executed; what was found lies in `.cache/fuzz/findings`, and makes the exit status 1.
 */
async function fuzz(args: readonly string[]): Promise<void> {
  const { limit, names } = parse(args);
  const build = join(folder, 'build');
  await run('cmake', ['-S', 'test/fuzz', '-B', build, '-DCMAKE_CXX_COMPILER=clang++'], false);
  await run('cmake', ['--build', build, '--parallel', '2'], false);
  let total = 0;
  const found: Target[] = [];
  for (const name of names) {
    const { code, executions } = await runTarget(name, join(build, `fuzz-${name}`), limit);
    total += executions;
    if (code !== 0) found.push(name);
    console.log(`${name.padEnd(12)}${executions.toLocaleString('en')} executions${code === 0 ? '' : ', a finding'}`);
  }
  console.log(`${total.toLocaleString('en')} executions, ${found.length} findings`);
  if (found.length > 0) process.exitCode = 1;
}

function parse(args: readonly string[]): Wanted {
  const [first = ''] = args;
  const [, count, unit = 's'] = /^(\d+)(s|runs)?$/.exec(first) ?? [];
  const names = (count === undefined ? args : args.slice(1)).map((name) => {
    if (!Object.hasOwn(targets, name)) throw new Error(`no target ${name}: ${Object.keys(targets).join(', ')}`);
    return name as Target;
  });
  return {
    limit: unit === 'runs' ? `-runs=${count}` : `-max_total_time=${count ?? usualSeconds}`,
    names: names.length > 0 ? names : (Object.keys(targets) as Target[]),
  };
}

async function runTarget(name: Target, program: string, limit: string): Promise<{ code: number; executions: number }> {
  const [corpus, start, findings] = ['corpus', 'seeds', 'findings'].map((kind) => join(folder, kind, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [corpus, start, findings]) await mkdir(path, { recursive: true });
  for (const [i, bytes] of (await seeds[name]()).entries()) await writeFile(join(start, String(i)), bytes);
  const limits = [limit, `-max_len=${targets[name]}`, '-timeout=300', '-rss_limit_mb=3000'];
  const { code, tail } = await run(
    program,
    [corpus, start, ...limits, `-artifact_prefix=${findings}/`, '-print_final_stats=1'],
    true,
  );
  if (code !== 0) console.error(tail);
  return { code, executions: Number(/number_of_executed_units:\s*(\d+)/.exec(tail)?.[1] ?? 0) };
}

/** Runs a program with its output kept; throws when it fails, unless that is an answer too. */
async function run(
  program: string,
  args: readonly string[],
  mayFail: boolean,
): Promise<{ code: number; tail: string }> {
  let tail = '';
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...sanitizer } });
  const keep = (text: string): void => void (tail = (tail + text).slice(-20_000));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
  const code = await new Promise<number>((settle, fail) => {
    child.on('error', fail);
    child.on('close', (status, signal) => settle(signal === null ? (status ?? 1) : 1));
  });
  if (code !== 0 && !mayFail) throw new Error(`${program} ${args.join(' ')} failed:\n${tail}`);
  return { code, tail };
}

try {
  const [first, ...rest] = process.argv.slice(2);
  if (first !== 'devices') await fuzz(process.argv.slice(2));
  else if ((await fuzzDevices(rest)) > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
