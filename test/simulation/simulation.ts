import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freshFolder, withDisk } from '../faults/disk.ts';
import { mutants } from './mutants.ts';
import type { Outcome } from './schedule.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What is to be run: seeds from one on, shared out among so many processes; or with a planted bug, until it shows. */
export interface Run {
  readonly from: number;
  readonly seeds: number;
  readonly processes?: number;
  readonly mutant?: string;
  readonly traced?: boolean;
  /** Hears each outcome as it comes. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Runs schedules in processes of their own, and gives what came of each, by seed. */
export async function simulate({ from, seeds, processes = 1, mutant, traced, onOutcome }: Run): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const shares = Array.from({ length: processes }, (_, i) => Math.ceil((seeds - i) / processes));
  await Promise.all(
    shares.map(async (share, i) => {
      const directory = freshFolder();
      const journal = `${directory}.journal`;
      const options = ['--import', file('plant.ts'), file('worker.ts'), directory, from + i, share, processes, 'stop'];
      const child = spawn(process.execPath, options.map(String), {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          ...withDisk(directory, { journal }),
          ...(mutant !== undefined && { LIMEN_MUTANT: mutant }),
          ...(traced && { LIMEN_TRACE: '1' }),
        },
      });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      for await (const line of createInterface(child.stdout)) {
        const outcome = JSON.parse(line) as Outcome;
        outcomes.push(outcome);
        onOutcome?.(outcome);
      }
      const code = await ended;
      for (const path of [directory, journal]) rmSync(path, { recursive: true, force: true });
      if (code !== 0) throw new Error(`a worker ended with ${code}: ${errors}`);
    }),
  );
  return outcomes.toSorted((a, b) => a.seed - b.seed);
}

/** The first schedule in which a planted bug shows, and how; undefined where none of so many shows it. */
export async function findMutant(mutant: string, seeds: number): Promise<Outcome | undefined> {
  return (await simulate({ from: 1, seeds, mutant })).find(({ violation }) => violation !== '');
}

/** The end of what led to a violation, for people. */
export function tell({ seed, violation, trace }: Outcome, lines = 30): string {
  return [`seed ${seed}: ${violation}`, ...trace.slice(-lines).map((line) => `    ${line}`)].join('\n');
}

/** Every planted bug by its name. */
export const planted = mutants.map(({ name }) => name);
