import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { faultsAt } from '../sim/central/control.ts';
import { createPki } from '../sim/pki/pki.ts';
import { Accounting } from './accounting.ts';
import { freshFolder } from './disk.ts';
import { planted } from './planted.ts';
import { type End, startCentral, startKiosk, type KioskProcess, type Workplace } from './processes.ts';
import { findingOf, type Finding, type Length, type Row } from './row.ts';

/** A field for processes, in a folder of its own. */
export async function layOut(root = freshFolder()) {
  const pki = await createPki(join(root, 'pki'), { kiosks: ['gate-1'] });
  const folder = join(root, 'kiosk');
  mkdirSync(folder);
  return {
    root,
    folder,
    pki,
    credentials: pki.kiosks['gate-1']!,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Lets a kiosk that stores nothing more ship what it has. */
export async function drain(workplace: Workplace, environment: Record<string, string> = {}): Promise<void> {
  const kiosk = startKiosk(workplace, 'drain', environment);
  let said = '';
  await kiosk.go((line) => void (said = line));
  const { code } = await kiosk.ended;
  if (code !== 0) throw new Error(`draining ended with ${code}, and said ${said}`);
}

/** Lets a kiosk live until it has promised a few records and some time has passed; tells how it ended if by itself. */
export async function live(kiosk: KioskProcess, accounting: Accounting, promises = randomInt(25)): Promise<End> {
  const enough = accounting.promised + promises;
  await kiosk.go(accounting.hear);
  while (kiosk.alive && accounting.promised < enough) await setTimeout(2);
  await Promise.race([setTimeout(randomInt(20)), kiosk.ended]);
  kiosk.child.kill('SIGKILL');
  return kiosk.ended;
}

/** Kills the kiosk at random points, again and again, on one disk. */
export async function killKiosks(cycles: number, mode: 'work' | 'early' = 'work'): Promise<Finding> {
  const field = await layOut();
  const central = await startCentral(field.pki.central);
  const workplace = { folder: field.folder, credentials: field.credentials, url: central.url };
  const accounting = new Accounting();
  // The next one loads while this one works.
  let next: KioskProcess = startKiosk(workplace, mode);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const kiosk = next;
    if (cycle + 1 < cycles) next = startKiosk(workplace, mode);
    await live(kiosk, accounting);
  }
  await drain(workplace);
  await central.kill();
  const account = await accounting.settle(field.pki.central);
  field.remove();
  return findingOf({ cycles, ...account }, ['lost', 'doubled', 'disordered']);
}

/** Kills central at random points while a kiosk works; `dies` has it die after a commit and before the answer. */
export async function killCentral(cycles: number, how: 'anywhere' | 'dies', environment = {}): Promise<Finding> {
  const field = await layOut();
  const central = await startCentral(field.pki.central, environment);
  const workplace = { folder: field.folder, credentials: field.credentials, url: central.url };
  const accounting = new Accounting();
  const kiosk = startKiosk(workplace);
  await kiosk.go(accounting.hear);
  for (let cycle = 0; cycle < cycles; cycle++) {
    if (how === 'dies') {
      await faultsAt(central.control).set({ answer: 'dies' });
      await central.ended();
    } else {
      await setTimeout(randomInt(700));
      await central.kill();
    }
    await central.start();
  }
  kiosk.child.kill('SIGKILL');
  await kiosk.ended;
  await drain(workplace);
  await central.kill();
  const account = await accounting.settle(field.pki.central);
  field.remove();
  return findingOf({ cycles, ...account }, ['lost', 'doubled', 'disordered']);
}

const cycles = { short: 6, long: Number(process.env['LIMEN_KILLS'] ?? 1000) } as const;
const withoutMemory = planted('central stores what comes, as often as it comes');

/** Rows of what is killed. */
export const kills: readonly Row[] = [
  {
    number: 1,
    fault: 'kill -9 of the kiosk',
    promise: 'nothing promised is lost, nothing is there twice, lanes keep their order',
    injection: 'SIGKILL at random points of its life, storing and shipping',
    control: 'a writer that promises before COMMIT',
    prove: (length: Length) => killKiosks(cycles[length]),
    disprove: () => killKiosks(6, 'early'),
  },
  {
    number: 1,
    fault: 'kill -9 of central',
    promise: 'the same',
    injection: 'SIGKILL at random points while a kiosk works',
    control: 'a central without its unique ids, killed before it answers',
    prove: (length: Length) => killCentral(length === 'short' ? 3 : cycles.long, 'anywhere'),
    disprove: () => killCentral(3, 'dies', withoutMemory),
  },
  {
    number: 7,
    fault: 'central crashes after its commit, before its answer',
    promise: 'no effect twice',
    injection: 'central kills itself with the receipt in its hand',
    control: 'a central without its unique ids',
    prove: (length: Length) => killCentral(length === 'short' ? 3 : 100, 'dies'),
    disprove: () => killCentral(3, 'dies', withoutMemory),
  },
];
