import { parseArgs } from 'node:util';
import { openCentralDatabase } from './database.ts';
import { readDirectory } from './directory.ts';
import { openLinkLog } from './mid/link-log.ts';
import { waitingLinks } from './mid/links.ts';
import { closedConfiguration } from './esp/configuration.ts';

// node central/links.ts --dir DIR: prints the yellow links that wait for a person as lines of JSON, the oldest first, and on stderr
// whether the log of verdicts is whole; ends with 1 when the time of one that the border authority has to verify is over.
const { values } = parseArgs({ options: { dir: { type: 'string' } } });
if (!values.dir) {
  console.error('usage: node central/links.ts --dir DIR');
  process.exit(2);
}
const { file, storeKey, esp = closedConfiguration } = readDirectory(values.dir);
const database = await openCentralDatabase(file, storeKey);
const log = await openLinkLog(database, esp.logMonths);
const altered = await log.firstAltered(new Date());
const { length, hash } = await log.head();
console.error(altered === undefined ? `whole: --length ${length} --hash ${hash}` : `altered: line ${altered}`);
const waiting = await waitingLinks(database, new Date());
for (const link of waiting) console.log(JSON.stringify(link));
await database.close();
process.exitCode = altered !== undefined || waiting.some(({ overdue }) => overdue) ? 1 : 0;
