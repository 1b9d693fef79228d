import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import type { ManualEntry } from '../main/contract/guard.ts';
import { openGate } from './kiosk.ts';

const entry: ManualEntry = {
  at: '2026-11-25T07:12:00.000Z',
  surname: 'ERIKSSON',
  givenNames: 'ANNA MARIA',
  birthDate: '1974-08-12',
  nationality: 'UTO',
  sex: 'F',
  documentCode: 'P',
  documentNumber: 'L898902C3',
  issuingState: 'UTO',
  expiryDate: '2032-04-15',
  outcome: 'admit',
};

const holds = async (what: () => boolean) => {
  for (let i = 0; !what(); i++) {
    assert.ok(i < 4000, what.toString());
    await setTimeout(5);
  }
};

/** Runs with a small disk in memory where temporary files go; false where that is not allowed. */
async function onSmallDisk(run: (fill: () => void, free: () => void) => Promise<void>): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'limen-small-disk-'));
  const before = process.env['TMPDIR'];
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    rmSync(directory, { recursive: true });
    return false;
  }
  process.env['TMPDIR'] = directory;
  const filler = join(directory, 'filler');
  try {
    await run(
      () => assert.throws(() => writeFileSync(filler, new Uint8Array(256 * 1024 ** 2)), { code: 'ENOSPC' }),
      () => rmSync(filler),
    );
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    execFileSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true });
  }
  return true;
}

test(
  'a disk filled to the last byte: the guard is told to write by hand, nothing is taken that could be lost, and it is entered once there is room',
  { timeout: 120_000 },
  async (context) => {
    const ran = await onSmallDisk(async (fill, free) => {
      const gate = await openGate();
      const queued = () => gate.shown.diagnostics?.queue.ready;
      await gate.at('attract');
      await gate.desk.enter(entry);
      await holds(() => queued() === 2);
      fill();
      await holds(() => gate.told.search?.rung === 'manual');
      await gate.at('unavailable');
      await assert.rejects(gate.desk.enter(entry), { name: 'Fault', code: 'store.full' });
      await assert.rejects(gate.desk.enter({ ...entry, finger: 'x' } as ManualEntry), { code: 'contract.breach' });
      assert.equal(queued(), 2);
      free();
      await holds(() => gate.told.search?.rung !== 'manual');
      await gate.at('attract');
      await gate.desk.enter(entry);
      await holds(() => queued() === 4);
      await gate.close();
    });
    if (!ran) context.skip('SKIPPED: the right to mount is needed, so the form by hand was not tried on a full disk');
  },
);
