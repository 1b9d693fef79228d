import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCentralDatabase } from '../../../central/database.ts';
import { readDirectory } from '../../../central/directory.ts';
import { openServices } from '../../../central/services.ts';
import { drawPopulation, settle } from './population.ts';

// node test/sim/central/main.ts --dir DIR [--seed N] [--count N]: settles drawn travellers in a central's registers, gives it the
// example esp.json where it has none, and prints each traveller as a line of JSON.
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
  },
});
const dir = values.dir;
if (dir === undefined) {
  console.error('usage: node test/sim/central/main.ts --dir DIR [--seed N] [--count N]');
  process.exit(2);
}
const example = new URL('../../../central/esp/example.json', import.meta.url);
if (!existsSync(join(dir, 'esp.json'))) copyFileSync(example, join(dir, 'esp.json'));
const { file, storeKey, esp } = readDirectory(dir);
const database = await openCentralDatabase(file, storeKey);
const services = await openServices({ database, ...(esp && { configuration: esp }) });
const today = new Date().toISOString().slice(0, 10);
const population = drawPopulation(Number(values.seed), Number(values.count), today);
await database.transaction(async () => {
  for (const resident of population) await settle(services.registers, resident, today, services.sbms);
});
for (const resident of population) console.log(JSON.stringify(resident));
await services.close();
await database.close();
