import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCentralDatabase } from '../../../central/database.ts';
import { readDirectory } from '../../../central/directory.ts';
import { openServices } from '../../../central/services.ts';
import { serveFaults } from './control.ts';
import type { FaultSettings } from './faults.ts';
import { openFaultyCentral } from './faulty-central.ts';
import { drawPopulation, settle } from './population.ts';

// node test/sim/central/main.ts --dir DIR [--seed N] [--count N]: settles drawn travellers in a central's registers, gives it the
// example esp.json where it has none, and prints each traveller as a line of JSON.
// With --control PORT it settles nobody unless --count says so, then runs that central with its faults under control (control.ts)
// until SIGTERM or SIGINT, and prints a line of JSON when it listens; --port N, --host H and --faults JSON as it starts.
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string' },
    control: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    faults: { type: 'string', default: '{}' },
  },
});
const { dir, control } = values;
if (dir === undefined) {
  console.error('usage: node test/sim/central/main.ts --dir DIR [--seed N] [--count N] [--control PORT]');
  process.exit(2);
}
const count = Number(values.count ?? (control === undefined ? 100 : 0));
if (count > 0) await settleIn(dir, count);
if (control !== undefined) {
  const settings = JSON.parse(values.faults) as FaultSettings;
  const central = await openFaultyCentral(dir, settings, { host: values.host, port: Number(values.port) });
  const faults = await serveFaults(central, Number(control));
  console.log(JSON.stringify({ url: central.url, port: central.port, control: faults.port }));
  const close = () => void Promise.all([faults.close(), central.close()]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close);
}

async function settleIn(dir: string, count: number): Promise<void> {
  const example = new URL('../../../central/esp/example.json', import.meta.url);
  if (!existsSync(join(dir, 'esp.json'))) copyFileSync(example, join(dir, 'esp.json'));
  const { file, storeKey, database: server, esp } = readDirectory(dir);
  const database = await openCentralDatabase(file, storeKey, server);
  const services = await openServices({ database, ...(esp && { configuration: esp }) });
  const today = new Date().toISOString().slice(0, 10);
  const population = drawPopulation(Number(values.seed), count, today);
  await database.transaction(async () => {
    for (const resident of population) await settle(services.registers, resident, today, services.sbms);
  });
  for (const resident of population) console.log(JSON.stringify(resident));
  await services.close();
  await database.close();
}
