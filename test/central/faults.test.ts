import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { faultsAt, serveFaults } from '../sim/central/control.ts';
import { Faults, type FaultSettings } from '../sim/central/faults.ts';
import { faultCertificates, openFaultyCentral } from '../sim/central/faulty-central.ts';
import { Mischief } from '../sim/central/mischief.ts';
import { layField, ship } from '../uplink/field.ts';
import { crossingRecord, guardRecord } from '../uplink/records.ts';

const wrongs: Record<string, { settings: FaultSettings; arrived: number }> = {
  'is down': { settings: { state: 'down' }, arrived: 0 },
  'loses its answer after the commit': { settings: { answer: 'lost' }, arrived: 1 },
  'is cut off in the middle of its answer': { settings: { answer: 'cut' }, arrived: 1 },
  'answers 503 and names a time': { settings: { status: 503, retryAfterSeconds: 0 }, arrived: 0 },
  'answers 429': { settings: { status: 429 }, arrived: 0 },
  'signs with a key of its own': { settings: { receipt: 'forged' }, arrived: 1 },
  'repeats an earlier receipt': { settings: { receipt: 'replayed' }, arrived: 1 },
  'writes to another kiosk': { settings: { receipt: 'misaddressed' }, arrived: 1 },
  'alters a signed receipt': { settings: { receipt: 'altered' }, arrived: 1 },
  'receipts what was not sent': { settings: { receipt: 'inflated' }, arrived: 1 },
  'shows an expired certificate': { settings: { certificate: 'expired' }, arrived: 0 },
  'shows a certificate of tomorrow': { settings: { certificate: 'not-yet-valid' }, arrived: 0 },
  'shows a certificate of a foreign authority': { settings: { certificate: 'foreign' }, arrived: 0 },
};

for (const [name, { settings, arrived }] of Object.entries(wrongs))
  test(`of a central that ${name} nothing is deleted, and when it is right again everything arrives once`, async () => {
    await using field = await layField();
    await faultCertificates(field.pki.central, field.pki.authority);
    const central = await openFaultyCentral(field.pki.central);
    const control = await serveFaults(central);
    const faults = faultsAt(control.port);
    await field.keep(guardRecord('gate-1'));
    const { uplink, until } = ship(field, { url: central.url, random: () => 0 });
    await until(() => field.store.outbox.stats().delivered === 1);
    await faults.set(settings);
    const record = crossingRecord('gate-1');
    await field.keep(record);
    uplink.nudge();
    let failures = 0;
    await until((uplink) => uplink.lastFault() !== '' && ++failures > 2);
    const { ready, parked, delivered } = field.store.outbox.stats();
    assert.deepEqual({ ready, parked, delivered }, { ready: 1, parked: 0, delivered: 1 });
    await faults.mend();
    uplink.nudge();
    await until(() => field.store.outbox.stats().delivered === 2);
    const records = await central.central!.records();
    assert.deepEqual([records.length, records[1]?.id], [2, record.id]);
    const { figures } = await faults.read();
    assert.ok(figures.hit >= arrived);
    await uplink.stop();
    await Promise.all([control.close(), central.close()]);
  });

test('slowness, a second working of each request and a clock that is days off change nothing', async () => {
  for (const settings of [
    { latencyMs: 50 },
    { answer: 'twice' },
    { clockSkewMs: -5 * 86_400_000 },
  ] as FaultSettings[]) {
    await using field = await layField();
    const central = await openFaultyCentral(field.pki.central, settings);
    for (let i = 0; i < 3; i++) await field.keep(crossingRecord('gate-1'));
    const { uplink, until } = ship(field, { url: central.url });
    await until(() => field.store.outbox.stats().delivered === 3);
    assert.equal((await central.central!.records()).length, 3);
    assert.ok(uplink.status() === 'online');
    await uplink.stop();
    await central.close();
  }
});

test('a packet that central blames is parked, whether it says 413 or 422', async () => {
  for (const status of [413, 422]) {
    await using field = await layField();
    const central = await openFaultyCentral(field.pki.central, { status, times: 1 });
    await field.keep(crossingRecord('gate-1'));
    const { uplink, until } = ship(field, { url: central.url });
    await until(() => field.store.outbox.stats().parked === 1);
    assert.equal((await central.central!.records()).length, 0);
    await uplink.stop();
    await central.close();
  }
});

test('which requests are hit is drawn from the seed, the same for the same seed', async () => {
  const draw = async (seed: number) => {
    const faults = Faults.parse({ status: 503, share: 0.5, seed, times: 5 });
    const { around, figures } = new Mischief(faults, generateKeyPairSync('ed25519').privateKey);
    const answer = around(() => new Response());
    const statuses = [];
    for (let i = 0; i < 40; i++) statuses.push((await answer(new Request('https://central/'), {} as never)).status);
    assert.deepEqual({ ...figures }, { requests: 40, hit: 5 });
    return statuses.join(' ');
  };
  const [one, again, other] = [await draw(5), await draw(5), await draw(6)];
  assert.equal(one, again);
  assert.notEqual(one, other);
});

test('central with its faults runs as a process under a control port', async () => {
  await using field = await layField();
  const child = spawn(process.execPath, ['test/sim/central/main.ts', '--dir', field.pki.central, '--control', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, control } = JSON.parse(line) as { url: string; control: number };
  const faults = faultsAt(control);
  await faults.set({ status: 503 });
  await assert.rejects(faults.set({ certificate: 'expired' }), /400.*expired/);
  await assert.rejects(faults.set({ answer: 'late' } as unknown as FaultSettings), /400/);
  await field.keep(guardRecord('gate-1'));
  const { uplink, until } = ship(field, { url, random: () => 0 });
  await until((uplink) => uplink.lastFault() === 'uplink.offline');
  await faults.set({ answer: 'dies' });
  uplink.nudge();
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  assert.equal(field.store.outbox.stats().ready, 1);
  await uplink.stop();
});
