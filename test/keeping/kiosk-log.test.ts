import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditEvent } from '../../main/contract/audit.ts';
import { verifyFile } from '../audit/logs.ts';
import { openGate, passport } from '../kiosk.ts';

test('a kiosk logs what is done at it, and its log holds nothing of who crossed', async () => {
  const gate = await openGate();
  await gate.walkTo('passed');
  await gate.pass();
  await gate.walkTo('document');
  await gate.screen.help();
  await gate.waitForCases(1);
  const reason = 'wears a red coat';
  await gate.desk.decide({ crossingId: gate.cases()[0]!.crossingId, outcome: 'second-line', reason });
  await gate.at('attract');
  await gate.tools.selfTest({ role: 'gate' });
  await gate.close();
  const file = gate.log();
  const verdict = await verifyFile(Buffer.from(file));
  assert.deepEqual([verdict.finding, verdict.uncovered], [undefined, 0]);
  const rows = file.split('\n').filter((row) => row.startsWith('{'));
  const events = rows.map((row) => {
    const { v: _v, n: _n, at: _at, prev: _prev, ...event } = JSON.parse(row) as Record<string, unknown>;
    return AuditEvent.parse(event);
  });
  const names = events.map(({ event }) => event);
  // What devices do on the way comes when it comes.
  const steady = names.filter((name) => !/^(self-service|device)/.test(name));
  assert.deepEqual(steady, [
    'log-started',
    'store-opened',
    'configuration-read',
    'watchlist-copied',
    'watchlist-imported',
    'watchlist-copy-gone',
    'watchlist-copied',
    'crossing-begun',
    // The first key that is sealed to.
    'key-changed',
    'crossing-concluded',
    'crossing-begun',
    'crossing-concluded',
    'case-shown',
    'guard-decided',
    'technician-acted',
    'watchlist-copy-gone',
    'store-closed',
    'store-opened',
  ]);
  assert.ok(names.includes('self-service-entered'));
  const concluded = events.filter((event) => event.event === 'crossing-concluded');
  assert.deepEqual(
    concluded.map(({ outcome, reasons }) => [outcome, reasons]),
    [
      ['clear', []],
      ['refer', ['assistance-requested']],
    ],
  );
  const about = [reason, 'red coat', ...(passport.lines ?? []).flatMap((line) => line.split(/[<]+/))];
  for (const part of about.filter((part) => part.length > 3)) assert.ok(!file.includes(part), part);
});
