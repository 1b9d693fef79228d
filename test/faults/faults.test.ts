import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix } from './matrix.ts';
import { disproof } from './row.ts';

// The short form; npm run test:faults is the long one.
for (const row of matrix) {
  const { number, fault, promise, control } = row;
  test(`fault ${number}, ${fault}: ${promise}`, async (context) => {
    const unable = row.unable?.();
    if (unable !== undefined && !process.env['LIMEN_FAULTS_REQUIRED']) return context.skip(unable);
    const { figures, broken } = await row.prove('short');
    assert.deepEqual(broken, [], JSON.stringify(figures));
  });
  test(`fault ${number}, ${fault}: the control is caught (${control})`, async (context) => {
    const unable = row.unable?.();
    if (unable !== undefined && !process.env['LIMEN_FAULTS_REQUIRED']) return context.skip(unable);
    const { figures, broken } = await disproof(row, 'short');
    assert.ok(broken.length > 0, JSON.stringify(figures));
  });
}
