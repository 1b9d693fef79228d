import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The reference central services in a process of their own, which can go down and come back. */
export interface CentralProcess {
  readonly port: number;
  up(): Promise<void>;
  /** Kills it as a crash would: no chance to tidy up. */
  down(): Promise<void>;
}

/** Starts central on a directory of createPki. It keeps its port when it comes back. */
export async function startCentral(directory: string): Promise<CentralProcess> {
  let port = 0;
  let stop = async () => {};
  const up = async () => {
    const child = spawn(process.execPath, ['central/main.ts', '--dir', directory, '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    stop = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    const listening = await Promise.race([
      new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
      ended.then(() => Promise.reject(new Error('central did not start'))),
    ]);
    ({ port } = JSON.parse(listening) as { port: number });
  };
  await up();
  return {
    get port() {
      return port;
    },
    up,
    down: () => stop(),
  };
}
