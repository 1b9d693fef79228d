import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { encode } from 'cborg';
import { Client } from 'pg';
import { openCentralDatabase } from '../../../central/database.ts';
import { openQueryLog, queryLine } from '../../../central/esp/query-log.ts';
import { Feed } from '../../../central/feed.ts';
import { Inbox } from '../../../central/inbox.ts';
import { readDirectory } from '../../../central/directory.ts';
import { readOpeningKey } from '../../../central/opening.ts';
import { PostgresDatabase } from '../../../central/postgres.ts';
import { listGaps } from '../../../central/report.ts';
import type { Database } from '../../../central/sql.ts';
import { Statistics } from '../../../central/statistics.ts';
import type { Batch } from '../../../main/contract/packet.ts';
import { Fault } from '../../../main/contract/fault.ts';
import { sealRecord } from '../../../main/uplink/seal.ts';
import { layField } from '../../uplink/field.ts';
import { crossingRecord, guardRecord } from '../../uplink/records.ts';
import { queryOf } from '../portal.ts';
import { noPostgres, type PostgresServer, startPostgres } from './postgres.ts';

const skip = noPostgres();
let server: PostgresServer;
let names = 0;
before(async () => void (skip ?? (server = await startPostgres())));
after(async () => server?.[Symbol.asyncDispose]());

/** Central's database on the server, as so many centrals would open it. */
async function centrals(count: number) {
  const url = await server.databaseUrl(`own${names++}`);
  const databases: Database[] = [];
  for (let i = 0; i < count; i++) databases.push(await openCentralDatabase('', new Uint8Array(32), url));
  return {
    url,
    databases,
    [Symbol.asyncDispose]: async () => void (await Promise.all(databases.map((database) => database.close()))),
  };
}

const countOf = async (database: Database, table: string) =>
  (await database.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`))!.count;

/** A batch of a kiosk, sealed or as the inbox opens it. */
async function intakeOf(database: Database) {
  const field = await layField();
  const { openingKeys } = readDirectory(field.pki.central);
  const keys = new Map(await Promise.all(openingKeys.map((jwk) => readOpeningKey(jwk))));
  const inbox = new Inbox(database, keys, () => new Date());
  let sequence = 1;
  const epoch = crypto.randomUUID();
  return {
    inbox,
    async batch(count: number): Promise<Batch> {
      const packets: Batch['packets'] = [];
      for (let i = 0; i < count; i++) {
        const record = i % 2 === 0 ? { ...crossingRecord('gate-1'), kind: 'crossing' as const } : guardRecord('gate-1');
        packets.push({ sequence: sequence++, packet: await sealRecord(record, field.credentials.centralKey) });
      }
      return { format: 'limen-batch', version: 1, kioskId: 'gate-1', epoch, nonce: 'N'.repeat(22), packets } as Batch;
    },
    [Symbol.asyncDispose]: () => field[Symbol.asyncDispose](),
  };
}

const isFault = (code: string) => (error: unknown) =>
  error instanceof Fault && error.code === code && !JSON.stringify([error.message, error.cause]).includes('geheim');

test('a server that answers before what it has is on the disk is not used', { skip }, async () => {
  await using careless = await startPostgres(['fsync=off']);
  const url = await careless.databaseUrl('own');
  await assert.rejects(PostgresDatabase.open(url), isFault('config.invalid'));
  await careless.kill();
  await careless.start(['fsync=on', 'full_page_writes=off']);
  await assert.rejects(PostgresDatabase.open(url), isFault('config.invalid'));
  await careless.kill();
  // What a session may choose is chosen for it.
  await careless.start(['fsync=on', 'synchronous_commit=off']);
  const database = await PostgresDatabase.open(url);
  assert.deepEqual(await database.get(`SELECT current_setting('synchronous_commit') AS kept`), { kept: 'on' });
  await database.close();
});

test('another machine is spoken to over TLS only, and no fault repeats a password', { skip }, async () => {
  for (const url of [
    'postgres://limen:geheim@db.example/limen',
    'postgres://limen:geheim@db.example/limen?sslmode=require',
    'postgres://limen@127.0.0.1/limen?host=db.example&password=geheim',
    'mysql://limen:geheim@127.0.0.1/limen',
    'geheim',
  ])
    await assert.rejects(PostgresDatabase.open(url), isFault('config.invalid'), url);
  await assert.rejects(PostgresDatabase.open('postgres://limen:geheim@127.0.0.1:1/limen'), isFault('store.failed'));
});

test('what the server says of a value is not repeated', { skip }, async () => {
  await using own = await centrals(1);
  const [database] = own.databases;
  const broken = database!.run('INSERT INTO revoked_seal VALUES (?, ?), (?, ?)', ['geheim', 'a', 'geheim', 'b']);
  await assert.rejects(broken, isFault('store.failed'));
  await assert.rejects(database!.get('SELECT CAST(? AS integer)', ['geheim']), isFault('store.failed'));
});

test('transactions of two centrals that lock one another are tried again, and both are done', { skip }, async () => {
  await using own = await centrals(2);
  const [one, other] = own.databases as [Database, Database];
  await one.exec(
    'CREATE TABLE pair (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT; INSERT INTO pair VALUES (1, 0), (2, 0)',
  );
  let attempts = 0;
  const raise = (database: Database, ids: readonly number[]) =>
    database.transaction(async () => {
      attempts++;
      for (const id of ids) {
        await database.run('UPDATE pair SET n = n + 1 WHERE id = ?', [id]);
        await setTimeout(30);
      }
    });
  await Promise.all([raise(one, [1, 2]), raise(other, [2, 1])]);
  assert.deepEqual(await one.all('SELECT n FROM pair ORDER BY id'), [{ n: 2 }, { n: 2 }]);
  assert.ok(attempts > 2, 'one was in the way of the other');
});

test('the log of queries that two centrals write is one chain', { skip }, async () => {
  await using own = await centrals(2);
  const logs = await Promise.all(own.databases.map((database) => openQueryLog(database, 12)));
  const query = queryOf({
    document: { number: 'X1', issuingState: 'UTO' },
    identity: { surname: 'BERG', givenNames: '', birthDate: '1990' },
  });
  await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      logs[i % 2]!.append(queryLine('asked', new Date(), 'gate-1', query, ['SIS'])),
    ),
  );
  assert.deepEqual([(await logs[0]!.head()).length, await logs[0]!.firstAltered(new Date())], [100, undefined]);
});

/** Stores one crossing in a transaction that commits when it is told to. */
async function late(database: Database, name: string, locked: boolean) {
  let commit = () => {};
  const told = new Promise<void>((resolve) => (commit = resolve));
  let stored = () => {};
  const isStored = new Promise<void>((resolve) => (stored = resolve));
  const work = async () => {
    await database.run(
      `INSERT INTO packet (id, kiosk_id, kind, crossing_id, occurred_at, received_at, record)
       VALUES (?, 'gate-1', 'crossing', ?, '', '', ?)`,
      [name, name, encode({})],
    );
    stored();
    await told;
  };
  const done = database.transaction(work, locked ? { shared: 'packet' } : undefined);
  await isStored;
  return { done, commit };
}

test(
  'a packet whose commit comes after that of a later one is not passed over; without the lock it is',
  { skip },
  async () => {
    for (const locked of [true, false]) {
      await using own = await centrals(3);
      const [slow, quick, reader] = own.databases as [Database, Database, Database];
      const taken: string[] = [];
      const feed = await Feed.open(
        reader,
        { name: 'own', kinds: ['crossing'], rowsAtOnce: 8 },
        async ({ id }) => void taken.push(id),
      );
      const first = await late(slow, 'first', locked);
      const second = await late(quick, 'second', locked);
      second.commit();
      await second.done;
      const advancing = feed.advance();
      // Long enough for a reader that does not wait.
      await Promise.race([advancing, setTimeout(200)]);
      first.commit();
      await Promise.all([first.done, advancing]);
      await feed.advance();
      assert.deepEqual(taken, locked ? ['first', 'second'] : ['second'], locked ? 'lock' : 'control');
    }
  },
);

test('a server that restarts is found again, also by connections that were idle', { skip }, async () => {
  await using mine = await startPostgres();
  const database = await openCentralDatabase('', new Uint8Array(32), await mine.databaseUrl('own'));
  await Promise.all(Array.from({ length: 8 }, () => database.get('SELECT pg_sleep(0.05)')));
  await mine.kill();
  await assert.rejects(database.get('SELECT 1'), isFault('store.failed'));
  await mine.start();
  await database.transaction(() => database.run(`INSERT INTO revoked_seal VALUES ('a', 'b')`));
  assert.equal(await countOf(database, 'revoked_seal'), 1);
  await database.close();
});

test(
  'killed in the middle of intake again and again, the server loses nothing that was answered, and each effect is one',
  { skip },
  async () => {
    await using mine = await startPostgres();
    const database = await openCentralDatabase('', new Uint8Array(32), await mine.databaseUrl('own'));
    const statistics = await Statistics.open(database, () => 'UTC');
    await using intake = await intakeOf(database);
    const batches: Batch[] = [];
    for (let i = 0; i < 120; i++) batches.push(await intake.batch(4));
    const answered = new Set<string>();
    let refusals = 0;
    const deliver = async (queue: Batch[]) => {
      for (let batch = queue.shift(); batch; batch = queue.shift())
        for (;;) {
          try {
            const answers = await intake.inbox.take(batch);
            for (const { id } of answers!.stored) answered.add(id);
            break;
          } catch {
            refusals++;
            await setTimeout(5);
          }
        }
    };
    const taking = async (signal: AbortSignal) => {
      while (!signal.aborted) {
        await statistics.feed.advance().catch(() => {});
        await setTimeout(3);
      }
    };
    const over = new AbortController();
    const takers = [taking(over.signal), taking(over.signal)];
    const queue = [...batches];
    const senders = Array.from({ length: 6 }, () => deliver(queue));
    for (let kill = 0; kill < 4; kill++) {
      const until = batches.length - ((kill + 1) * batches.length) / 5;
      while (queue.length > until) await setTimeout(1);
      await mine.kill();
      await mine.start();
    }
    await Promise.all(senders);
    over.abort();
    await Promise.all(takers);
    await statistics.feed.advance();
    const stored = await database.all<{ id: string }>('SELECT id FROM packet');
    assert.deepEqual(new Set(stored.map(({ id }) => id)), answered);
    assert.deepEqual([stored.length, await listGaps(database)], [480, []]);
    const counts = await statistics.counts();
    assert.equal(
      counts.reduce((sum, { crossings }) => sum + crossings, 0),
      240,
    );
    assert.ok(refusals > 0, 'the server was killed while it was asked');
    console.log(`${answered.size} packets answered, ${refusals} batches sent again over 4 kills`);
    await database.close();
  },
);

test('control: killed, a server that may answer early loses what it has answered', { skip }, async () => {
  await using hasty = await startPostgres(['synchronous_commit=off', 'wal_writer_delay=10s']);
  const url = await hasty.databaseUrl('own');
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.query('CREATE TABLE word (n integer)');
  await client.query('CHECKPOINT');
  for (let n = 0; n < 200; n++) await client.query('INSERT INTO word VALUES ($1)', [n]);
  await hasty.kill();
  await hasty.start(['synchronous_commit=on']);
  const database = await PostgresDatabase.open(url);
  const left = await countOf(database, 'word');
  assert.ok(left < 200, String(left));
  console.log(`control: ${200 - left} of 200 answered rows lost`);
  await database.close();
});
