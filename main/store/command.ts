import { spawn } from 'node:child_process';
import { Fault } from '../contract/fault.ts';

const patienceMs = 30_000;
const mostBytes = 64 * 1024;

/**
 * Runs a program with a list of arguments, gives it input and takes its output, over pipes only. Nothing of either is in the
 * arguments, the environment or a file. Faults: `tpm.absent` when the program is not there or takes too long, `tpm.refused` when it fails.
 */
export async function runProgram(program: string, args: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Buffer> {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostBytes) child.kill('SIGKILL');
  });
  // A program that is gone before it has read everything says why by its status.
  child.stdin.on('error', () => {}).end(input);
  try {
    const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (status === null) throw new Fault('tpm.absent', `${program} did not end`);
    if (status !== 0) throw new Fault('tpm.refused', `${program} ended with ${status}`);
    return Buffer.concat(chunks);
  } catch (error) {
    throw Fault.from(error, 'tpm.absent');
  } finally {
    for (const chunk of chunks) chunk.fill(0);
  }
}
