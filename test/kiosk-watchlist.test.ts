import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { openGate } from './kiosk.ts';
import { travellers } from './sim/demo/travellers.ts';
import { filesWith } from './store/disk.ts';
import { listOf, planted, traces } from './store/planted.ts';

const hourMs = 3_600_000;
const texts = Object.values(planted).map((each) =>
  typeof each === 'string' ? each : Buffer.from(each.subarray(0, 12)).toString('latin1'),
);

/** A list on which the traveller of the tests is, by document, and much that is planted. */
function listed(version: number, ageMs: number) {
  const { number } = travellers.find(({ name }) => name === 'clear')!.document;
  const [first, ...others] = listOf(version);
  const alerts = [{ ...first!, reference: 'CASE-1', documents: [{ number, issuingState: 'UTO' }] }, ...others];
  return { version, madeAt: new Date(Date.now() - ageMs).toISOString(), alerts };
}

test('of a list only references are told and recorded; at its hour the gate is shut to it, and the traveller sees no other referral than ever', async () => {
  const gate = await openGate({ spansMs: { referred: 1 } }, { watchlist: listed(1, 0) });
  const found = () => traces.flatMap((trace) => filesWith(gate.stateDir, trace));
  const refer = async () => {
    const from = gate.shownViews.length;
    const cases = gate.cases().length;
    await gate.walkTo('finger');
    assert.equal((await gate.touch()).stage, 'referred');
    await gate.waitForCases(cases + 1);
    const views = gate.shownViews.slice(from);
    await gate.at('attract');
    const { reasons } = gate.cases().at(-1)!;
    return {
      stages: views.map(({ stage }) => stage).filter((stage, at, all) => stage !== all[at - 1]),
      last: views.at(-1),
      reasons,
    };
  };
  await gate.at('attract');
  assert.deepEqual([gate.told.gate?.list, found()], ['in-use', []]);
  const hit = await refer();
  assert.ok(hit.reasons.some(({ code, alert }) => code === 'watchlist-document' && alert === 'CASE-1'));
  assert.deepEqual(found(), []);

  // The next one has half a minute to live: as long as taking it up may last.
  await gate.kiosk.importWatchlist(listed(2, 48 * hourMs - 30_000));
  assert.deepEqual([gate.told.gate?.list, found()], ['in-use', []]);
  assert.equal(gate.shown.diagnostics?.list.copies.length, 2);
  while (gate.told.gate?.list !== 'none') await sleep(50);
  assert.deepEqual([gate.shown.diagnostics?.list.copies, found()], [[], []]);
  assert.deepEqual(
    filesWith(gate.stateDir, Buffer.alloc(0)).filter((name) => name.includes('.list-')),
    [],
  );
  const shut = await refer();
  assert.ok(shut.reasons.some(({ code, detail }) => code === 'watchlist-unavailable' && detail === 'no-list'));
  assert.deepEqual([shut.stages, shut.last], [hit.stages, hit.last]);
  assert.deepEqual(found(), []);

  const { file } = await gate.tools.exportLog();
  const told = [...gate.logged, ...gate.toTechnician, readFileSync(file, 'utf8')].join('\n');
  assert.ok(told.includes('watchlist-expired') && gate.toTechnician.length > 3, 'the control: much is told');
  for (const text of texts) assert.ok(!told.includes(text), text);
  await gate.close();
  for (const text of texts) assert.ok(!gate.log().includes(text), text);
});
