import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readKeyText } from '../main/audit/note.ts';
import { openCentralDatabase } from './database.ts';
import { readDirectory } from './directory.ts';
import { closedConfiguration } from './esp/configuration.ts';
import { openQueryLog } from './esp/query-log.ts';
import { SignedHead } from './log/signed-head.ts';

// node central/queries.ts --dir DIR [--length N --hash H] [--checkpoint FILE --key VKEY]: prints the log of queries as lines of
// JSON and, on stderr, its head; ends with 1 when a line is not as it was written, or the head kept from before is not in it:
// its length and hash, or a checkpoint that was handed out (GET /v1/audit/heads) with its key.
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    length: { type: 'string' },
    hash: { type: 'string' },
    checkpoint: { type: 'string' },
    key: { type: 'string' },
  },
});
const { checkpoint, key } = values;
const paired = (one: unknown, other: unknown) => (one === undefined) === (other === undefined);
if (!values.dir || !paired(values.length, values.hash) || !paired(checkpoint, key)) {
  console.error('usage: node central/queries.ts --dir DIR [--length N --hash H] [--checkpoint FILE --key VKEY]');
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
const goesOn =
  checkpoint === undefined ||
  key === undefined ||
  (await (await SignedHead.open(database, 'query_log')).goesOnFrom(readFileSync(checkpoint, 'utf8'), readKeyText(key)));
if (!goesOn) console.error('altered: the log does not go on from that checkpoint');
console.error(altered === undefined ? `whole: --length ${length} --hash ${hash}` : `altered: line ${altered}`);
await database.close();
process.exitCode = altered === undefined && goesOn ? 0 : 1;
