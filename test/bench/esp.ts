import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import { systemClock } from '../../central/esp/clock.ts';
import { Portal } from '../../central/esp/portal.ts';
import { behaving, type Behaviours } from '../../central/registers/behaviour.ts';
import { sourcesOf } from '../../central/registers/registers.ts';
import { allOf, queryOf } from '../central/portal.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { drawPopulation, settle } from '../sim/central/population.ts';
import { layField } from '../uplink/field.ts';

const rounds = 60;
const residents = 200;
const slowestMs = 20;

const at = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

async function took(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/**
 * Prints how long a question takes of which one source takes 20 ms, beside that source asked alone in turns: through the
 * portal, and through the whole of central (HTTP/2, certificates, two durable log lines), beside two plain fdatasync.
 */
export async function bench(): Promise<void> {
  await using field = await layField();
  const behaviours: Behaviours = new Map([['SIS', { latencyMs: slowestMs }]]);
  const configuration = exampleConfiguration({ slotMs: 0 });
  writeFileSync(join(field.pki.central, 'esp.json'), JSON.stringify(configuration));
  const central = await openCentral({ ...readDirectory(field.pki.central), behaviours });
  const { registers } = central.services;
  const today = new Date().toISOString().slice(0, 10);
  const population = drawPopulation(1, residents, today);
  for (const resident of population) await settle(registers, resident, today);
  const sources = sourcesOf(registers).map((source) => behaving(source, behaviours, systemClock));
  const sis = sources.find(({ source }) => source === 'SIS')!;
  const portal = new Portal({ sources, configuration, clock: systemClock });
  const sees = configuration.profiles[0]!.sees;
  const { ca, cert, key } = field.credentials.tls;
  const session = connect(central.url, { ca, cert, key });
  await once(session, 'connect');
  const raw = openSync(join(field.directory, 'raw'), 'w');
  const times = { alone: [] as number[], portal: [] as number[], whole: [] as number[], disk: [] as number[] };
  const { signal } = new AbortController();
  for (let round = 0; round < rounds; round++) {
    const query = queryOf(population[round % population.length]!);
    const { document } = query;
    times.alone.push(await took(() => sis.ask({ document: document!, kinds: sees.SIS!, today }, signal)));
    times.portal.push(await took(() => allOf(portal.search(query, sees, today, signal))));
    times.whole.push(
      await took(async () => {
        const request = session.request({ ':method': 'POST', ':path': '/v1/search' });
        request.end(JSON.stringify(query));
        if (!(await text(request)).includes('"kind":"END"')) throw new Error('an answer was cut off');
      }),
    );
    times.disk.push(
      await took(() => {
        for (let i = 0; i < 2; i++) {
          writeSync(raw, Buffer.alloc(4096));
          fdatasyncSync(raw);
        }
      }),
    );
  }
  closeSync(raw);
  session.destroy();
  await central.close();
  const alone = at(times.alone, 0.5);
  const tell = (name: string, values: readonly number[]) =>
    `${name} ${at(values, 0.5).toFixed(1)} ms (${(at(values, 0.5) / alone).toFixed(2)} of the slowest, p95 ${at(values, 0.95).toFixed(1)} ms)`;
  console.log(`esp: slowest source alone ${alone.toFixed(1)} ms, ${tell('portal', times.portal)}`);
  console.log(
    `esp: ${tell('whole of central', times.whole)}, two plain fdatasync ${at(times.disk, 0.5).toFixed(2)} ms`,
  );
}
