import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawPage } from './sim/document/page-set.ts';
import { openGate, passport } from './kiosk.ts';

const steps = ['language', 'document', 'face', 'finger'] as const;
const nothing = { underWay: 0, queued: 0, cases: 0 };
const long = 600_000;

test('a traveller who cancels, at any step, leaves nothing behind', async () => {
  const gate = await openGate();
  for (const step of steps) {
    await gate.walkTo(step);
    await gate.screen.leave();
    await gate.at('attract');
  }
  assert.deepEqual(await gate.close(), nothing);
});

test('a traveller who walks away, at any step, leaves nothing behind', async () => {
  for (const step of steps) {
    const gate = await openGate({
      spansMs: { language: long, document: long, face: long, finger: long, [step]: 600 },
      warnMs: 100,
    });
    await gate.walkTo(step);
    await gate.at('attract');
    assert.deepEqual(await gate.close(), nothing, step);
  }
});

test('a technician tries the scanner only while no traveller is there, and the gate is out of service meanwhile', async () => {
  const gate = await openGate();
  await gate.at('attract');
  const trial = gate.tools.tryFinger();
  await gate.at('unavailable');
  await gate.screen.begin();
  await assert.rejects(gate.tools.tryFinger(), { code: 'device.busy' });
  gate.scanner.finger(true);
  const { widthPx, heightPx, pixels } = await trial;
  assert.ok(widthPx <= 256 && heightPx <= 256 && pixels.some((grey) => grey !== 0));
  assert.ok(gate.shown.trials.some(({ running, finger, picture }) => running && finger && picture));
  assert.deepEqual(gate.shown.trials.at(-1), { running: false, finger: false, qualityPercent: 0 });
  gate.scanner.finger(false);
  await gate.walkTo('language');
  await assert.rejects(gate.tools.tryFinger(), { code: 'device.busy' });
  await gate.screen.leave();
  await gate.at('attract');
  const ended = gate.tools.tryFinger();
  await gate.at('unavailable');
  await gate.tools.endTrial();
  await assert.rejects(ended, { code: 'capture.cancelled' });
  await gate.walkTo('language');
  assert.deepEqual(await gate.close(), { ...nothing, underWay: 1 });
});

test('asking for an officer, at any step, is a referral with a record and a case', async () => {
  const gate = await openGate({ spansMs: { referred: 1 } });
  for (const [index, step] of steps.entries()) {
    await gate.walkTo(step);
    await gate.screen.help();
    await gate.at('referred');
    await gate.waitForCases(index + 1);
    assert.deepEqual(
      gate.cases().map(({ reasons }) => reasons.map(({ code }) => code)),
      Array.from({ length: index + 1 }, () => ['assistance-requested']),
    );
  }
  assert.deepEqual(await gate.close(), { underWay: 0, queued: 4, cases: 4 });
});

test('a guard decides a case once, however often the answer is given', async () => {
  const gate = await openGate({ spansMs: { referred: 1 } });
  await gate.walkTo('language');
  await gate.screen.help();
  await gate.waitForCases(1);
  const { crossingId } = gate.cases()[0]!;
  const admit = { crossingId, outcome: 'admit', reason: 'identity confirmed' } as const;
  const answers = await Promise.allSettled([
    gate.desk.decide(admit),
    gate.desk.decide(admit),
    gate.desk.decide({ ...admit, outcome: 'second-line' }),
  ]);
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'decided')),
    ['decided', 'contract.breach', 'contract.breach'],
  );
  await assert.rejects(gate.desk.decide(admit), { code: 'contract.breach' });
  assert.deepEqual(await gate.close(), { underWay: 0, queued: 2, cases: 0 });
});

test('lines that are none and portraits that are none never get a traveller through, and the next one passes', async () => {
  const gate = await openGate({ documentAttempts: 1, spansMs: { referred: 1, document: 1000 }, warnMs: 100 });
  const line = fc.string({ unit: fc.constantFrom('A', 'Z', '0', '9', '<'), maxLength: 44 });
  const rubbish = fc.sample(fc.array(line, { minLength: 1, maxLength: 3 }), { numRuns: 6, seed: 7 });
  for (const lines of [...rubbish, passport.lines.map((one) => one.replaceAll('<', '0'))]) {
    await gate.walkTo('document');
    gate.reader.place({ lines, portrait: Uint8Array.of(1, 2, 3) });
    // What is not even shaped like lines is waited out as if nothing lay there.
    await gate.at('referred', 'attract');
    gate.reader.remove();
  }
  await gate.at('attract');
  const refused = gate.cases().length;
  assert.ok(refused > 0);
  for (const { reasons } of gate.cases()) assert.match(reasons[0]!.code, /^document-/);
  const ended = await gate.walkTo('passed', { ...passport, portrait: new Uint8Array(5000).fill(0xff) });
  assert.equal(ended.stage, 'referred');
  await gate.waitForCases(refused + 1);
  assert.deepEqual(
    gate
      .cases()
      .at(-1)!
      .reasons.map(({ code }) => code),
    ['portrait-missing'],
  );
  assert.equal((await gate.walkTo('passed')).stage, 'passed');
  await gate.close();
});

test('whatever the pages send in the middle of a crossing, the crossing goes on to its end', async () => {
  const gate = await openGate();
  const names = fc.constantFrom(
    'frame',
    'camera',
    'page',
    'choose',
    'decide',
    'selfTest',
    'cases',
    '__proto__',
    'constructor',
  );
  const message = fc.oneof(
    fc.anything(),
    fc.record({ id: fc.oneof(fc.nat(), fc.anything()), name: names, ask: fc.anything() }),
  );
  const throwAll = (seed: number) => {
    for (const sent of fc.sample(message, { numRuns: 60, seed })) {
      for (const end of [gate.page, gate.booth]) {
        try {
          end.post(sent);
        } catch {
          // What cannot be copied cannot be sent either.
        }
      }
    }
  };
  for (const step of steps) {
    await gate.walkTo(step);
    throwAll(steps.indexOf(step));
    await gate.screen.stay();
    await gate.screen.leave();
  }
  assert.equal((await gate.walkTo('passed')).stage, 'passed');
  throwAll(99);
  await gate.pass();
  assert.deepEqual(await gate.close(), { underWay: 0, queued: 1, cases: 0 });
});

test('a page without lines is read off its picture, and the traveller goes on with the right document', async () => {
  const gate = await openGate({ spansMs: { referred: 1 } });
  const { jpeg, document } = await drawPage('clean', 7);
  const stage = (await gate.walkTo('face', { lines: [], page: jpeg, portrait: passport.portrait! })).stage;
  assert.equal(stage, 'face');
  await gate.screen.help();
  await gate.waitForCases(1);
  assert.deepEqual(gate.cases()[0]!.document?.lines, [...document.lines]);
  assert.deepEqual(await gate.close(), { underWay: 0, queued: 1, cases: 1 });
});

test('a picture that is no page is asked for again, then referred', async () => {
  const gate = await openGate({ documentAttempts: 2, spansMs: { referred: 1 } });
  const stage = (await gate.walkTo('face', { lines: [], page: Uint8Array.of(0xff, 0xd8, 1, 2) })).stage;
  assert.equal(stage, 'referred');
  await gate.waitForCases(1);
  assert.deepEqual(
    gate
      .cases()[0]!
      .reasons.map(({ code, detail }) => [code, detail])
      .slice(0, 1),
    [['document-unreadable', 'image.malformed']],
  );
  await gate.close();
});

test('a second person at the gate sends the traveller to the guard, at the end of a crossing that was otherwise clear', async () => {
  const gate = await openGate({ spansMs: { referred: 100 } }, { board: { features: 'PEOPLE TAILGATING' } });
  await gate.walkTo('finger');
  gate.door.see({ people: 2 });
  assert.equal((await gate.touch()).stage, 'referred');
  await gate.waitForCases(1);
  assert.deepEqual(gate.cases()[0]?.reasons, [{ code: 'second-person' }]);
  assert.equal(gate.door.openings, 0);
  gate.door.see({ people: 1 });
  await gate.at('attract');
  await gate.close();
});

test('one who follows a cleared traveller shuts the gate and calls the guard', async () => {
  const gate = await openGate({ spansMs: { referred: 100 } }, { board: { features: 'BUZZER PEOPLE TAILGATING' } });
  await gate.walkTo('passed');
  while (gate.door.door !== 'OPEN') await new Promise((resolve) => setTimeout(resolve, 10));
  gate.door.tailgate();
  await gate.at('referred');
  await gate.waitForCases(1);
  assert.deepEqual(gate.cases()[0]?.reasons, [{ code: 'tailgating' }]);
  assert.deepEqual([gate.door.door, gate.door.openings], ['CLOSED', 1]);
  while (gate.door.buzzer !== 'ALARM') await new Promise((resolve) => setTimeout(resolve, 10));
  await gate.at('attract');
  await gate.close();
});

test('a gate whose emergency release is pulled is out of service until it is shut again', async () => {
  const gate = await openGate({}, { board: { features: 'RELEASE' } });
  await gate.at('attract');
  gate.door.release(true);
  await gate.at('unavailable');
  gate.door.release(false);
  await gate.at('attract');
  await gate.close();
});
