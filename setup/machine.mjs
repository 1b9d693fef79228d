import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { say } from './say.mjs';

const consoleFile = resolve('.cache/system-console.txt');
/** Longest silence of a guest at work, and longest run: generous, as an emulated processor may be a shared one. */
const limits = { upMs: 300_000, silenceMs: 300_000, wholeMs: 2_400_000 };
/** On a processor that runs the guest itself it is up in two seconds. Some say that they can, and hang. */
const trial = { ...limits, upMs: 8_000 };

/**
 * An emulated processor whose clock goes by the instructions it has done, a nanosecond each (`-icount`), and by the machine's
 * own only while it has nothing to do: on a busy machine everything takes longer, and no time-out of a driver or of the kernel
 * comes sooner. One processor, as that is all which such a clock can serve, and one of few talents: what programs choose where
 * there is more (AVX) is what takes the longest to emulate.
 */
const emulated = [
  '-accel',
  'tcg,thread=single',
  '-icount',
  'shift=0',
  '-rtc',
  'clock=vm',
  '-cpu',
  'Nehalem,+rdrand',
  '-smp',
  '1',
];

/**
 * Boots a kernel on this machine's own files, which it can only read, and runs test/system/guest.sh with the arguments;
 * every line of that is given to `hear`. On the processor itself where that works, on an emulated one where not. Gives
 * why it ended, `switched off` when the guest did so by itself.
 */
export async function runMachine(kernel, args, hear) {
  if (hasKvm()) {
    const why = await boot(kernel, args, hear, ['-accel', 'kvm', '-cpu', 'host', '-smp', '2'], trial);
    if (wasUp()) return why;
    say('the processor would not run the guest itself (KVM): it is emulated');
  }
  return boot(kernel, args, hear, emulated, limits);
}

/** What the guest's kernel and its first process have said. */
export function consoleText() {
  try {
    return readFileSync(consoleFile, 'latin1').replaceAll(/[^\n -~]/g, '');
  } catch {
    return '';
  }
}

const wasUp = () => /^limen: guest up/m.test(consoleText());

function hasKvm() {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function boot({ image, initrd }, args, hear, processor, { upMs, silenceMs, wholeMs }) {
  rmSync(consoleFile, { force: true });
  const told = Object.entries({ folder: process.cwd(), arguments: args.join(' ') });
  const values = told.map(([name, value]) => `limen.${name}=${value.replaceAll(' ', '%20')}`);
  const line = `console=ttyS0 quiet panic=-1 oops=panic mitigations=off random.trust_cpu=on ${values.join(' ')}`;
  const child = spawn(
    'qemu-system-x86_64',
    [
      ['-machine', 'q35', ...processor, '-m', '1536', '-nodefaults', '-display', 'none', '-no-reboot'],
      ['-serial', `file:${consoleFile}`, '-serial', 'stdio'],
      ['-virtfs', 'local,path=/,mount_tag=files,security_model=none,readonly=on,multidevs=remap'],
      ['-kernel', image, '-initrd', initrd, '-append', line],
    ].flat(),
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const stop = () => child.kill('SIGKILL');
  process.on('exit', stop);
  return new Promise((resolve) => {
    let why = 'switched off';
    const give = (reason) => () => {
      why = reason;
      stop();
    };
    const whole = setTimeout(give(`not through after ${wholeMs / 60_000} minutes`), wholeMs);
    const up = setTimeout(() => wasUp() || give(`not up after ${upMs / 1000} s`)(), upMs);
    const silence = setTimeout(give(`silent for ${silenceMs / 1000} s`), silenceMs);
    createInterface({ input: child.stdout }).on('line', (said) => {
      silence.refresh();
      hear(said.replaceAll(/[^\t -~]/g, ''));
    });
    const end = (reason) => {
      for (const timer of [whole, up, silence]) clearTimeout(timer);
      process.off('exit', stop);
      resolve(reason);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code) => end(code === 0 || code === null ? why : `the emulator ended with ${code}`));
  });
}
