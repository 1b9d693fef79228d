import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTpm, type Tpm, type TpmOptions } from '../../../main/store/tpm.ts';

/** Debian's programs that the simulated TPM and the product's way to it need. */
export const tpmPrograms = ['swtpm', 'tpm2_nvincrement', 'systemd-creds'];

/** A TPM 2.0 in software (Debian's swtpm), with its state in a folder. */
export interface SimTpm {
  /** For TpmOptions. */
  readonly device: string;
  /** Measures something into a register, as a part of the machine's start does. */
  extend(pcr: number, digest?: string): void;
  /** Switches the machine off and on: registers start anew, the counter stays. */
  restart(): Promise<void>;
  /** Takes it out. */
  stop(): Promise<void>;
}

/** Starts one. Its state is what was left in the folder. */
export async function startTpm(folder: string): Promise<SimTpm> {
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, 'socket');
  let child: ChildProcess;
  const start = async () => {
    const ends = ['--server', `type=unixio,path=${socket}`, '--ctrl', `type=unixio,path=${socket}.ctrl`];
    const args = ['socket', '--tpm2', '--tpmstate', `dir=${folder}`, ...ends, '--flags', 'not-need-init,startup-clear'];
    for (const end of [socket, `${socket}.ctrl`]) rmSync(end, { force: true });
    child = spawn('swtpm', args, { stdio: 'ignore' });
    while (!existsSync(socket) || !existsSync(`${socket}.ctrl`)) {
      if (child.exitCode !== null) throw new Error('swtpm did not start');
      await sleep(5);
    }
  };
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  await start();
  const device = `swtpm:path=${socket}`;
  return {
    device,
    extend(pcr, digest = '11'.repeat(32)) {
      execFileSync('tpm2_pcrextend', ['-T', device, `${pcr}:sha256=${digest}`]);
    },
    async restart() {
      await stop();
      await start();
    },
    stop,
  };
}

/**
 * The product's way to a TPM in software. On a machine the kernel's resource manager (/dev/tpmrm0) clears away what a program
 * leaves in the TPM when it ends; here that is done after each step.
 */
export function openSimTpm(options: TpmOptions): Tpm {
  const tpm = openTpm(options);
  const clearing =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await work(...args);
      } finally {
        for (const kind of ['-t', '-l', '-s']) {
          const flush = spawn('tpm2_flushcontext', ['-T', options.device, kind], { stdio: 'ignore' });
          await once(flush, 'exit');
        }
      }
    };
  return {
    pcrs: clearing(() => tpm.pcrs()),
    seal: clearing((secret: Uint8Array) => tpm.seal(secret)),
    unseal: clearing((sealed: string) => tpm.unseal(sealed)),
    count: clearing(() => tpm.count()),
    increment: clearing(() => tpm.increment()),
  };
}
