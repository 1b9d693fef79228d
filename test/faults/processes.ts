import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
// Compiled once, loaded a thousand times.
const compileCache = { NODE_COMPILE_CACHE: fileURLToPath(new URL('../../.cache/faults/compiled', import.meta.url)) };

const children = new Set<ChildProcess>();
// A harness that fails leaves nobody behind.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Keeps it from outliving this process. */
function kept<Child extends ChildProcess>(child: Child): Child {
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** How a process of the kiosk ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A kiosk's process: loaded, and not yet at work. */
export interface KioskProcess {
  readonly child: ChildProcess;
  /** Lets it work, and hears each line it says; resolves when it has said something. */
  go(hear: (line: string) => void): Promise<void>;
  readonly ended: Promise<End>;
  readonly alive: boolean;
}

/** What a kiosk works on. */
export interface Workplace {
  readonly folder: string;
  readonly credentials: string;
  readonly url: string;
}

/** Starts a kiosk's process; `environment` is what is done to it. */
export function startKiosk(
  { folder, credentials, url }: Workplace,
  mode: 'work' | 'drain' | 'early' | 'careless' | 'normal' = 'work',
  environment: Record<string, string> = {},
): KioskProcess {
  return startProcess('kiosk.ts', [folder, credentials, url, mode], environment);
}

/** Starts the process of a kiosk that takes up the lists that are published in a folder. */
export function startListKiosk(
  folder: string,
  published: string,
  mode: 'work' | 'look',
  environment: Record<string, string> = {},
): KioskProcess {
  return startProcess('list-kiosk.ts', [folder, published, mode], environment);
}

function startProcess(script: string, args: readonly string[], environment: Record<string, string>): KioskProcess {
  const child = kept(
    spawn(process.execPath, [file(script), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...compileCache, ...environment },
    }),
  );
  child.stdin.on('error', () => {});
  const ended = new Promise<End>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  return {
    child,
    ended,
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    async go(hear) {
      const lines = createInterface(child.stdout);
      lines.on('line', hear);
      const first = once(lines, 'line');
      child.stdin.end('go\n');
      await Promise.race([first, ended]);
    },
  };
}

/** A central's process on a port it keeps, under the control of test/sim/central. */
export interface CentralProcess {
  readonly port: number;
  readonly control: number;
  readonly url: string;
  readonly up: boolean;
  start(settings?: object): Promise<void>;
  kill(): Promise<void>;
  /** Stops it where it is; only a kill ends that. */
  freeze(): void;
  /** Resolves when it has ended by itself or by a signal. */
  ended(): Promise<void>;
}

/** Starts central on a directory of createPki. */
export async function startCentral(
  directory: string,
  environment: Record<string, string> = {},
): Promise<CentralProcess> {
  let child: ChildProcess | undefined;
  let [port, control] = [0, 0];
  let ended: Promise<void> = Promise.resolve();
  const start = async (settings: object = {}) => {
    const options = ['--dir', directory, '--port', port, '--control', control, '--faults', JSON.stringify(settings)];
    const next = kept(
      spawn(process.execPath, [file('../sim/central/main.ts'), ...options.map(String)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...compileCache, ...environment },
      }),
    );
    ended = new Promise((resolve) =>
      next.once('close', () => {
        child = undefined;
        resolve();
      }),
    );
    const lines = createInterface(next.stdout);
    const line = await Promise.race([once(lines, 'line'), ended]);
    if (!line) throw new Error('central did not start');
    ({ port, control } = JSON.parse(String(line[0])) as { port: number; control: number });
    child = next;
  };
  await start();
  return {
    get port() {
      return port;
    },
    get control() {
      return control;
    },
    get url() {
      return `https://127.0.0.1:${port}`;
    },
    get up() {
      return child !== undefined;
    },
    start,
    async kill() {
      child?.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    ended: () => ended,
  };
}
