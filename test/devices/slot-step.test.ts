import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  backOffLeastMs,
  backOffMostMs,
  firstSlotState,
  type SlotEvent,
  type SlotState,
  type Stage,
  step,
} from '../../main/devices/slot-step.ts';

const context = { nowMs: 1_000, random: 1 };
const stages: readonly Stage[] = ['looking', 'opening', 'ready', 'busy', 'absent', 'fault', 'out', 'closed'];
const events: Record<string, SlotEvent> = {
  due: { type: 'due' },
  plugged: { type: 'plugged' },
  asked: { type: 'asked' },
  found: { type: 'found' },
  missing: { type: 'missing' },
  opened: { type: 'opened' },
  'failed: timeout': { type: 'failed', fault: 'device.timeout' },
  'failed: absent': { type: 'failed', fault: 'device.absent' },
  'failed: quarantined': { type: 'failed', fault: 'device.quarantined' },
  used: { type: 'used' },
  unused: { type: 'unused' },
  'lost: absent': { type: 'lost', fault: 'device.absent' },
  'lost: protocol': { type: 'lost', fault: 'device.protocol' },
  closed: { type: 'closed' },
};

/** Where each event leads from each stage, and what is done; a dot stays and does nothing. */
const table = `
                     looking      opening      ready        busy         absent   fault    out      closed
due                  .            .            .            .            look     look     look     .
plugged              .            .            .            .            look     .        look     .
asked                .            .            .            .            look     look     look     .
found                opening      .            .            .            .        .        .        .
missing              absent+pause absent+pause .            .            .        .        .        .
opened               ready        ready        .            .            .        .        .        .
failed: timeout      fault+pause  fault+pause  .            .            .        .        .        .
failed: absent       absent+pause absent+pause .            .            .        .        .        .
failed: quarantined  out+pause    out+pause    .            .            .        .        .        .
used                 .            .            busy         .            .        .        .        .
unused               .            .            .            ready        .        .        .        .
lost: absent         .            .            absent+pause absent+pause .        .        .        .
lost: protocol       .            .            fault+pause  fault+pause  .        .        .        .
closed               closed       closed       closed       closed       closed   closed   closed   .
`;

function at(stage: Stage, more: Partial<SlotState> = {}): SlotState {
  const shown = stage === 'looking' || stage === 'closed' ? 'absent' : stage;
  return { ...firstSlotState(0), stage, shown, ...more };
}

test('every event leads from every stage to where the table says', () => {
  const rows = table.trim().split('\n').slice(1);
  assert.deepEqual(rows.map((row) => row.slice(0, 21).trim()).toSorted(), Object.keys(events).toSorted());
  for (const row of rows) {
    const name = row.slice(0, 21).trim();
    const expected = row.slice(21).trim().split(/ +/);
    for (const [index, stage] of stages.entries()) {
      const [after, effect] = step(at(stage), events[name]!, context);
      const led = effect.type === 'look' ? 'look' : effect.type === 'pause' ? `${after.stage}+pause` : after.stage;
      assert.equal(led, expected[index] === '.' ? stage : expected[index], `${name} at ${stage}`);
      if (effect.type === 'look') assert.equal(after.stage, 'looking');
    }
  }
});

test('pauses double up to the most, and begin anew after a device that held, or when something is plugged in', () => {
  let state = at('looking');
  const pauses: number[] = [];
  for (let round = 0; round < 8; round++) {
    const [failed, effect] = step(state, { type: 'failed', fault: 'device.protocol' }, context);
    pauses.push(effect.type === 'pause' ? effect.delayMs : 0);
    [state] = step(failed, { type: 'due' }, context);
  }
  assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  const lose = (openedAtMs: number) =>
    step(
      at('ready', { delayMs: 4_000, openedAtMs }),
      { type: 'lost', fault: 'device.timeout' },
      { nowMs: 20_000, random: 0 },
    );
  assert.deepEqual(lose(0)[1], { type: 'pause', delayMs: backOffLeastMs / 2 });
  assert.deepEqual(lose(15_000)[1], { type: 'pause', delayMs: 2_000 });
  assert.equal(step(at('absent', { delayMs: backOffMostMs }), { type: 'plugged' }, context)[0].delayMs, backOffLeastMs);
});

test('what was plugged in while the bus was looked at is looked for at once, but no device at fault is hurried by it', () => {
  for (const [fault, next] of [
    ['device.absent', 'look'],
    ['device.protocol', 'pause'],
  ] as const) {
    const [plugged] = step(at('opening'), { type: 'plugged' }, context);
    const [, effect] = step(plugged, { type: 'failed', fault }, context);
    assert.equal(effect.type, next);
  }
});

test('counts and the last fault tell what happened; being unplugged is no fault', () => {
  let state = at('looking');
  const happen = (event: SlotEvent, nowMs: number) => ([state] = step(state, event, { nowMs, random: 1 }));
  happen({ type: 'failed', fault: 'device.forbidden' }, 10);
  happen({ type: 'due' }, 20);
  happen({ type: 'found' }, 30);
  happen({ type: 'opened' }, 40);
  happen({ type: 'used' }, 50);
  happen({ type: 'lost', fault: 'device.absent' }, 60);
  const { shown, fault, sinceMs, lastFault, lastFaultAtMs, opened, lost, failed, retried } = state;
  assert.deepEqual(
    { shown, fault, sinceMs, lastFault, lastFaultAtMs, opened, lost, failed, retried },
    {
      shown: 'absent',
      fault: 'device.absent',
      sinceMs: 60,
      lastFault: 'device.forbidden',
      lastFaultAtMs: 10,
      opened: 1,
      lost: 1,
      failed: 1,
      retried: 1,
    },
  );
});

test('a state that did not change keeps its time', () => {
  const [failed] = step(at('looking'), { type: 'failed', fault: 'device.timeout' }, { nowMs: 10, random: 1 });
  const [looking] = step(failed, { type: 'due' }, { nowMs: 20, random: 1 });
  const [again] = step(looking, { type: 'failed', fault: 'device.timeout' }, { nowMs: 30, random: 1 });
  assert.deepEqual([again.shown, again.sinceMs, again.lastFaultAtMs], ['fault', 10, 30]);
});
