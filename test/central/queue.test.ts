import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Queue } from '../../central/queue/queue.ts';
import { openServices, type Services } from '../../central/services.ts';
import type { Database } from '../../central/sql.ts';
import { serviceNames } from '../../central/takers.ts';
import { Fault } from '../../main/contract/fault.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { arrive, crossing } from './arriving.ts';
import { openAt, remove } from './place.ts';
import { noNats, startNats } from './servers/nats.ts';

const skip = noNats();
const configuration = exampleConfiguration();

/** A database of its own, and how to open central's services on it. */
async function place() {
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const [file, key] = [join(directory, 'central.db'), randomBytes(32)];
  const database = await openAt(file, key);
  return {
    file,
    key,
    database,
    serve: (url: string, serves: readonly (typeof serviceNames)[number][] = serviceNames) =>
      openServices({ database, configuration, queue: { url, relays: true, serves, ackWaitMs: 1000 } }),
    async [Symbol.asyncDispose]() {
      await database.close();
      await remove(file);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

let drawn = 0;
/** Has so many crossings of as many travellers arrive. */
async function come(database: Database, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await arrive(database, crossing(1, '2026-05-10', `Q${drawn++}`));
}

async function counted({ statistics }: Services): Promise<number> {
  return (await statistics.counts()).reduce((sum, { crossings }) => sum + crossings, 0);
}

const entered = async (database: Database) =>
  (await database.get<{ count: number }>('SELECT count(*) AS count FROM ees_passage'))!.count;

/** Waits until nothing is behind, with a word of it now and then, as the relay's own clock would give. */
async function untilTaken({ arrivals, statistics, onStored }: Services): Promise<void> {
  while ((await arrivals.behind()) + (await statistics.feed.behind()) > 0) {
    onStored();
    await setTimeout(50);
  }
}

test('through the queue each service takes each packet once, also when all is told again', { skip }, async () => {
  await using nats = await startNats();
  await using here = await place();
  await come(here.database, 50);
  const services = await here.serve(nats.url);
  await come(here.database, 50);
  await untilTaken(services);
  const queue = new Queue(nats.url, serviceNames);
  const rows = await here.database.all<{ id: string; position: number }>('SELECT id, position FROM packet');
  await queue.publish(rows);
  // Under other ids the server does not know them again.
  await queue.publish(rows.map(({ position }) => ({ id: `again-${position}`, position })));
  while ((await queue.state('statistics')).pending + (await queue.state('statistics')).unanswered > 0)
    await setTimeout(20);
  assert.deepEqual([await counted(services), await entered(here.database)], [100, 100]);
  await queue.close();
  await services.close();
});

test(
  'a queue that dies, comes back, and comes back with nothing in it loses no effect and doubles none',
  { skip },
  async () => {
    await using nats = await startNats();
    await using here = await place();
    const services = await here.serve(nats.url);
    let all = 0;
    for (const wiped of [false, true, true]) {
      await come(here.database, 20);
      services.onStored();
      await setTimeout(Math.random() * 40);
      await nats.kill();
      if (wiped) nats.wipe();
      // Intake does not notice.
      await come(here.database, 20);
      services.onStored();
      await nats.start();
      all += 40;
      await untilTaken(services);
      assert.deepEqual([await counted(services), await entered(here.database)], [all, all]);
    }
    await services.close();
  },
);

test(
  'a service that is not there is told when it comes; killed at any moment, it takes each packet once',
  { skip },
  async () => {
    await using nats = await startNats();
    await using here = await place();
    const services = await here.serve(nats.url, []);
    let [all, behind] = [0, 0];
    for (let cycle = 0; cycle < Number(process.env['LIMEN_CRASH_CYCLES'] ?? 5); cycle++) {
      await come(here.database, 60);
      all += 60;
      services.onStored();
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'queue-process.ts'), here.file, here.key.toString('hex'), nats.url],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      await setTimeout(Math.random() * 300);
      child.kill('SIGKILL');
      assert.deepEqual(await ended, [null, 'SIGKILL']);
      behind += await services.statistics.feed.behind();
    }
    await services.close();
    const last = await here.serve(nats.url);
    await untilTaken(last);
    assert.deepEqual([await counted(last), await entered(here.database)], [all, all]);
    await last.close();
    console.log(`${all} crossings, ${behind} were not yet counted when the process was killed`);
  },
);

test(
  'control: a service that acknowledges before its effect, with nothing to look back to, loses packets',
  { skip },
  async () => {
    await using nats = await startNats();
    const queue = new Queue(nats.url, ['early']);
    await queue.prepare();
    await queue.publish(Array.from({ length: 40 }, (_, i) => ({ id: `p${i}`, position: i + 1 })));
    const consumer = await queue.consumer('early');
    const effects = new Set<number>();
    for (const crashes of [true, false]) {
      const acknowledged: number[] = [];
      for await (const message of await consumer.fetch({ max_messages: crashes ? 10 : 40, expires: 1000 })) {
        await message.ackAck();
        acknowledged.push(message.json<{ position: number }>().position);
      }
      // The effect comes afterwards, where no crash comes first.
      if (!crashes) for (const position of acknowledged) effects.add(position);
    }
    assert.equal(effects.size, 30);
    await queue.close();
  },
);

test('a queue on another machine has to be spoken to over TLS, and no fault repeats its password', () => {
  for (const url of [
    'nats://limen:geheim@queue.example',
    'http://limen:geheim@127.0.0.1',
    'geheim',
    'nats://limen:geheim@127.0.0.1/a.b',
  ])
    assert.throws(
      () => new Queue(url, []),
      (error) => error instanceof Fault && error.code === 'config.invalid' && !error.message.includes('geheim'),
      url,
    );
});
