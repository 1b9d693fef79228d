import { parseArgs } from 'node:util';
import { openCentralDatabase } from './database.ts';
import { readDirectory } from './directory.ts';
import { closedConfiguration } from './esp/configuration.ts';
import { openQueryLog } from './esp/query-log.ts';

// node central/queries.ts --dir DIR [--length N --hash H]: prints the log of queries as lines of JSON and, on stderr, its head;
// ends with 1 when a line is not as it was written, or the head kept from before is not in it.
const { values } = parseArgs({
  options: { dir: { type: 'string' }, length: { type: 'string' }, hash: { type: 'string' } },
});
if (!values.dir || (values.length === undefined) !== (values.hash === undefined)) {
  console.error('usage: node central/queries.ts --dir DIR [--length N --hash H]');
  process.exit(2);
}
const { file, storeKey, database: server, esp = closedConfiguration } = readDirectory(values.dir);
const database = await openCentralDatabase(file, storeKey, server);
const log = await openQueryLog(database, esp.logMonths);
for (let after = 0, { length } = await log.head(); after < length; after += 100)
  for (const line of await log.read(after)) console.log(JSON.stringify(line));
const kept = values.hash === undefined ? undefined : { length: Number(values.length), hash: values.hash };
const altered = await log.firstAltered(new Date(), kept);
const { length, hash } = await log.head();
console.error(altered === undefined ? `whole: --length ${length} --hash ${hash}` : `altered: line ${altered}`);
await database.close();
process.exitCode = altered === undefined ? 0 : 1;
