import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Missing } from './say.mjs';

/** Runs a program to its end with its output shown, and gives its exit status. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const release = passSignals(child);
    child.on('error', (error) => {
      release();
      reject(new Missing(`cannot start ${program}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      release();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Runs a program quietly; when it fails, throws Missing with what it printed last. */
export async function runQuietly(program, args, what, options = {}) {
  let tail = '';
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const keep = (text) => (tail = (tail + text).slice(-4000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve(keep(error.message) && 1));
    child.on('close', resolve);
  });
  if (code !== 0) throw new Missing(`${what} failed (${program} ${args.join(' ')}):\n${tail.trim()}`);
  return tail;
}

/** While a child runs, what would end this process ends the child first, so that its own children are not left behind. */
function passSignals(child) {
  const pass = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}
