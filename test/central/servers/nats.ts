import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { accountOf, privateFolder } from './private-folder.ts';

const program = ['/usr/sbin/nats-server', '/usr/bin/nats-server'].find((path) => existsSync(path));

/** Why there is none to test with; undefined where there is. In continuous integration that is a failure and no reason. */
export function noNats(): string | undefined {
  if (program !== undefined) return undefined;
  if (process.env['CI']) throw new Error("NATS is missing: Debian's package nats-server");
  return "NATS is missing (Debian's package nats-server)";
}

/** A NATS of the tests' own with JetStream on disk. It keeps its port when it comes back. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Loses everything it has stored; only while it is down. */
  wipe(): void;
}

/** Makes a server and starts it. */
export async function startNats(): Promise<NatsServer> {
  const account = accountOf('nats');
  const folder = privateFolder(account);
  let [server, port]: [ChildProcess | undefined, number] = [undefined, -1];
  const start = async () => {
    const ports = join(folder.path, 'ports');
    rmSync(ports, { recursive: true, force: true });
    const options = [
      '-a',
      '127.0.0.1',
      '-p',
      String(port),
      '-js',
      '-sd',
      join(folder.path, 'store'),
      '--ports_file_dir',
      folder.path,
    ];
    const child = spawn(program!, options, { ...account, cwd: folder.path, stdio: 'ignore' });
    server = child;
    const file = join(folder.path, `nats-server_${child.pid}.ports`);
    for (;;) {
      if (child.exitCode !== null) throw new Error('NATS did not start');
      if (existsSync(file)) {
        const said = readFileSync(file, 'utf8');
        const url = /nats:\/\/[\w.:]+/.exec(said)?.[0];
        if (url) {
          port = Number(new URL(url).port);
          return;
        }
      }
      await setTimeout(10);
    }
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    start,
    wipe: () => rmSync(join(folder.path, 'store'), { recursive: true, force: true }),
    async [Symbol.asyncDispose]() {
      await end('SIGTERM');
      folder.remove();
    },
  };
}
