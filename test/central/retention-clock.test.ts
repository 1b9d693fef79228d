import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RetentionClock } from '../../central/retention-clock.ts';
import { openAt, remove } from './place.ts';

test('a clock that leaps ahead erases nothing until it is confirmed, one set back nothing, also after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const database = await openAt(join(directory, 'central.db'), randomBytes(32));
  const erased: string[] = [];
  const erasing = [{ name: 'logs', erase: async (now: Date) => erased.push(now.toISOString().slice(0, 10)) }];
  const open = () => RetentionClock.open(database, erasing);
  const at = (day: string) => new Date(`${day}T00:00:00.000Z`);
  let clock = await open();
  for (const day of ['2026-11-25', '2026-11-26', '2026-12-03', '2031-12-04', '2026-12-02', '2026-12-11']) {
    await clock.tick(at(day));
    clock = await open();
  }
  assert.deepEqual(erased, ['2026-11-25', '2026-11-26', '2026-12-03']);
  assert.deepEqual(await clock.tick(at('2031-12-04')), {
    unbelieved: '2031-12-04T00:00:00.000Z',
    reached: '2026-12-03T00:00:00.000Z',
  });
  await clock.confirm(at('2027-03-01'));
  await clock.tick(at('2027-03-02'));
  assert.deepEqual(erased.slice(3), ['2027-03-01', '2027-03-02']);
  await database.close();
  await remove(join(directory, 'central.db'));
  rmSync(directory, { recursive: true, force: true });
});
