import { parseArgs } from 'node:util';
import { openCentralDatabase } from './database.ts';
import { readDirectory } from './directory.ts';
import { listRecords } from './report.ts';

// node central/records.ts --dir DIR: prints each stored record as a line of JSON, biometric parts by size and SHA-256.
const { values } = parseArgs({ options: { dir: { type: 'string' } } });
if (!values.dir) {
  console.error('usage: node central/records.ts --dir DIR');
  process.exit(2);
}
const { file, storeKey, database: server } = readDirectory(values.dir);
const database = await openCentralDatabase(file, storeKey, server);
for (let after = 0; ;) {
  const records = await listRecords(database, after);
  for (const record of records) console.log(JSON.stringify(record));
  const last = records.at(-1);
  if (!last) break;
  after = last.position;
}
await database.close();
