import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = '.cache/faults';
const source = (name: string) => new URL(name, import.meta.url).pathname;

/** Compiles a helper beside this file, if that is not done: `disk` is to be preloaded, `power` a program. */
export function compiled(name: 'disk' | 'power'): string {
  const file = join(folder, name === 'disk' ? 'disk.so' : name);
  if (existsSync(file) && statSync(file).mtimeMs > statSync(source(`${name}.c`)).mtimeMs)
    return join(process.cwd(), file);
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  const options = ['-O2', '-Wall', '-Wextra', ...(name === 'disk' ? ['-shared', '-fPIC'] : [])];
  const { status, stderr } = spawnSync('gcc', [...options, '-o', draft, source(`${name}.c`)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gcc cannot make ${name}: ${stderr}`);
  renameSync(draft, file);
  return join(process.cwd(), file);
}

/** A fresh folder, in memory where the machine has it: what a disk does is simulated above it. */
export function freshFolder(where = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
  return mkdtempSync(join(where, 'limen-faults-'));
}

/** What the preloaded helper is to do to the files under a folder. */
export interface DiskFaults {
  readonly tornAt?: number;
  readonly syncFailsAt?: number;
  readonly syncLies?: boolean;
  readonly fullEvery?: number;
  readonly journal?: string;
  readonly clockOffsetSeconds?: number;
}

/** The environment of a process whose files under a folder, and whose clock, are in the hands of the helper. */
export function withDisk(directory: string, faults: DiskFaults): Record<string, string> {
  const { tornAt, syncFailsAt, syncLies, fullEvery, journal, clockOffsetSeconds } = faults;
  if (journal !== undefined) writeFileSync(journal, '');
  const settings = {
    LIMEN_TORN_AT: tornAt,
    LIMEN_SYNC_FAILS_AT: syncFailsAt,
    LIMEN_SYNC_LIES: syncLies ? 1 : undefined,
    LIMEN_FULL_EVERY: fullEvery,
    LIMEN_JOURNAL: journal,
    LIMEN_CLOCK_OFFSET_S: clockOffsetSeconds,
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return {
    LD_PRELOAD: compiled('disk'),
    LIMEN_DISK: directory,
    ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}
