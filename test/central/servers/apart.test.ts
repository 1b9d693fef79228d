import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openCentralDatabase } from '../../../central/database.ts';
import { listGaps } from '../../../central/report.ts';
import { exampleConfiguration } from '../../sim/central/configuration.ts';
import { layField, ship } from '../../uplink/field.ts';
import { crossingRecord } from '../../uplink/records.ts';
import { noNats, startNats } from './nats.ts';
import { noPostgres, startPostgres } from './postgres.ts';
import { startProgram } from './program.ts';

const rounds = 4;
const recordsEach = 12;

test(
  'intake, services, database and queue as processes apart, each killed while records come: each record once, each effect once',
  { skip: noPostgres() ?? noNats(), timeout: 240_000 },
  async () => {
    await using postgres = await startPostgres();
    await using nats = await startNats();
    await using field = await layField();
    const dir = field.pki.central;
    const server = await postgres.databaseUrl('own');
    writeFileSync(join(dir, 'central.json'), JSON.stringify({ database: server, queue: nats.url }), { mode: 0o600 });
    writeFileSync(join(dir, 'esp.json'), JSON.stringify(exampleConfiguration()));
    const start = async (...args: string[]) => {
      const program = startProgram('central/main.ts', ['--dir', dir, ...args]);
      const said = JSON.parse(await program.line()) as { port?: number };
      return { program, port: String(said.port) };
    };
    let intake = await start('--intake');
    let ees = await start('--services', 'ees');
    let counting = await start('--services', 'audit,statistics');
    const { port } = intake;
    const { uplink, until } = ship(field, { url: `https://127.0.0.1:${port}`, random: () => 0 });
    const sent = new Set<string>();
    const deeds = [
      async () => {
        await intake.program.end('SIGKILL');
        intake = await start('--intake', '--port', port);
      },
      async () => {
        await Promise.all([ees.program.end('SIGKILL'), counting.program.end('SIGKILL')]);
        [ees, counting] = await Promise.all([start('--services', 'ees'), start('--services', 'audit,statistics')]);
      },
      async () => {
        await postgres.kill();
        await postgres.start();
      },
      async () => {
        await nats.kill();
        nats.wipe();
        await nats.start();
      },
    ];
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < recordsEach; i++) {
        const record = crossingRecord('gate-1');
        sent.add(record.id);
        await field.keep(record);
        uplink.nudge();
        if (i === recordsEach / 2) await deeds[round]!();
      }
    }
    await until(() => {
      uplink.nudge();
      return field.store.outbox.stats().delivered === sent.size;
    });
    await uplink.stop();
    const database = await openCentralDatabase('', new Uint8Array(32), server);
    const numberOf = async (sql: string) => (await database.get<{ n: number }>(sql))!.n;
    const effects = async () => ({
      stored: await numberOf('SELECT count(*) AS n FROM packet'),
      entered: await numberOf('SELECT count(*) AS n FROM ees_passage'),
      counted: await numberOf('SELECT CAST(coalesce(sum(crossings), 0) AS BIGINT) AS n FROM statistics_crossing'),
    });
    for (let seen = await effects(); seen.entered < sent.size || seen.counted < sent.size; seen = await effects())
      await setTimeout(100);
    assert.deepEqual(await effects(), { stored: sent.size, entered: sent.size, counted: sent.size });
    assert.deepEqual(await listGaps(database), []);
    await database.close();
    for (const { program } of [intake, ees, counting]) {
      await program.end();
      assert.equal(program.child.exitCode, 0);
    }
  },
);
