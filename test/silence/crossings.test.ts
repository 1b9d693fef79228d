import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import type { Notice } from '../../main/contract/guard.ts';
import type { Alert, WatchlistSnapshot } from '../../main/contract/watchlist.ts';
import { readMrz } from '../../main/document/mrz.ts';
import { openGate, passport } from '../kiosk.ts';

const reading = readMrz(passport.lines, '2026-11-25');
const { surname, givenNames, birthDate, number, issuingState } =
  reading.kind === 'malformed' ? assert.fail() : reading.document;

let version = 1;
/** The next list, with one alert, which is about the traveller or about somebody else. */
function listOf(order: Pick<Alert, 'category' | 'action' | 'silent'>, about: boolean): WatchlistSnapshot {
  const theirs = about ? number : 'X0000000';
  const identity = about
    ? { surname, givenNames, birthDate }
    : { surname: 'NOONE', givenNames: 'ATALL', birthDate: '' };
  return {
    version: ++version,
    madeAt: new Date().toISOString(),
    alerts: [
      {
        reference: 'LIST-1',
        ...order,
        documents: [{ number: theirs, issuingState }],
        identities: [identity],
        fingers: [],
        faces: [],
      },
    ],
  };
}

const discreet = { category: 'discreet-check', action: 'discreet-check', silent: true } as const;
const inquiry = { category: 'inquiry-check', action: 'inquiry-check', silent: true } as const;
const patience = { timeout: 120_000 };
type Gate = Awaited<ReturnType<typeof openGate>>;

/** Walks one traveller through, and gives all that can be seen and heard at the gate, in order. */
async function cross(gate: Gate, list: WatchlistSnapshot) {
  await gate.importWatchlist(list);
  await gate.at('attract');
  const events: string[] = [];
  const note = (what: string, value: unknown) => {
    const text = `${what} ${JSON.stringify(value)}`;
    if (events.findLast((each) => each.startsWith(what)) !== text) events.push(text);
  };
  const { onInput, openings: before } = gate.door;
  const noteDoor = () => {
    const { door, light, buzzer, openings } = gate.door;
    note('door', { door, light, buzzer, openings: openings - before });
  };
  // How it stands at first: else the next answer to the kiosk's heartbeat would tell it, at whatever moment that comes.
  noteDoor();
  gate.door.onInput = (bytes) => {
    noteDoor();
    onInput(bytes);
  };
  // Where in the picture the face stands goes by the film's frame.
  const stop = gate.watch((view) => note('view', { ...view, box: null, progress: 0, hint: null }));
  const ended = await gate.walkTo('passed');
  if (ended.stage === 'passed') await gate.pass();
  while (gate.door.door !== 'CLOSED') await setTimeout(5);
  stop();
  gate.door.onInput = onInput;
  return events;
}

test(
  'with a silent hit on the own list all that is seen and heard at the gate is as without, in the same order',
  patience,
  async () => {
    const gate = await openGate({ slotMs: 50 });
    const plain = await cross(gate, listOf(discreet, false));
    assert.deepEqual(gate.told.notices, []);
    const watched = await cross(gate, listOf(discreet, true));
    assert.deepEqual(watched, plain);
    assert.ok(plain.some((event) => event.includes('"passed"')) && plain.some((event) => event.includes('"OPEN"')));
    // The guard, and nobody else, knows.
    const notices: readonly Notice[] = gate.told.notices;
    assert.deepEqual(
      notices.map(({ kind, hit }) => [kind, hit]),
      [['discreet', { source: 'list', kind: 'SILENT_HIT', action: 'discreet-check', facts: { reference: 'LIST-1' } }]],
    );
    await gate.close();
    // Nothing on the line tells them apart: the same packets in the same order, of the same length where nothing was photographed.
    const sent = gate.packets().filter(({ kind }) => kind !== 'audit');
    const shown = sent.map(({ kind, bytes }) => (kind === 'biometrics' ? kind : `${kind} ${bytes}`));
    assert.deepEqual(shown.toSorted(), ['biometrics', 'biometrics', 'crossing 4096', 'crossing 4096']);
  },
);

test('the comparison tells a hit that is referred from none: an inquiry check', patience, async () => {
  const gate = await openGate({ spansMs: { referred: 1 } });
  const plain = await cross(gate, listOf(inquiry, false));
  const referred = await cross(gate, listOf(inquiry, true));
  assert.notDeepEqual(referred, plain);
  assert.deepEqual(gate.told.notices, []);
  await gate.waitForCases(1);
  assert.ok(gate.cases()[0]?.reasons.every(({ alert }) => alert === 'LIST-1'));
  await gate.close();
  assert.ok(gate.packets().some(({ kind }) => kind === 'alarm'));
});
