import { parseArgs } from 'node:util';
import { openCentralDatabase } from './database.ts';
import { readDirectory } from './directory.ts';
import { openServices } from './services.ts';

// node central/retention.ts --dir DIR [--confirm]: erases what is due by this machine's clock and prints what was erased. With
// --confirm also when the clock is far ahead of the last time it was believed; ends with 1 when it is not believed.
const { values } = parseArgs({ options: { dir: { type: 'string' }, confirm: { type: 'boolean', default: false } } });
if (!values.dir) {
  console.error('usage: node central/retention.ts --dir DIR [--confirm]');
  process.exit(2);
}
const { file, storeKey, database: server, esp } = readDirectory(values.dir);
const database = await openCentralDatabase(file, storeKey, server);
const services = await openServices({ database, ...(esp && { configuration: esp }) });
const { retention } = services;
const told = values.confirm ? await retention.confirm(new Date()) : await retention.tick(new Date());
console.log(JSON.stringify(told));
await services.close();
await database.close();
process.exitCode = 'erased' in told ? 0 : 1;
