import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';

/** A program of its own process that says things in lines. */
export interface Program {
  readonly child: ChildProcess;
  /** The next line it says. */
  line(): Promise<string>;
  /** Ends it, or kills it as a crash would, and waits for that. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a program on this very Node. */
export function startProgram(file: string, args: readonly string[]): Program {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Interface = createInterface({ input: child.stdout });
  const said = lines[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const { done, value } = await said.next();
      if (done) throw new Error(`${file} ended`);
      return value;
    },
    async end(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

/** The most memory a process has held, in MiB, and the seconds it has computed. */
export function usage({ pid }: ChildProcess): { memoryMiB: number; cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return { memoryMiB: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024, cpuSeconds: (user! + system!) / 100 };
}
