import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSlap } from './sim/finger/draw-slap.ts';
import { openGate } from './kiosk.ts';

test('a gate with a four-finger scanner and none for single fingers lets a traveller through', async () => {
  const { image } = drawSlap({ person: 31, impression: 1, hand: 'right', condition: 'good' });
  const gate = await openGate({}, image);
  const ended = await gate.walkTo('passed');
  assert.equal(ended.stage, 'passed');
  await gate.pass();
  assert.equal(gate.scanner.counters.images, 1);
  assert.deepEqual(await gate.close(), { underWay: 0, queued: 1, cases: 0 });
});

test('the other hand is asked for again, and then the guard decides', async () => {
  const { image } = drawSlap({ person: 32, impression: 1, hand: 'left', condition: 'good' });
  const gate = await openGate({ fingerPositions: ['right-index', 'right-index'] }, image);
  const ended = await gate.walkTo('passed');
  assert.equal(ended.stage, 'referred');
  assert.equal(gate.scanner.counters.images, 2);
  await gate.waitForCases(1);
  assert.deepEqual(await gate.close(), { underWay: 0, queued: 1, cases: 1 });
});
