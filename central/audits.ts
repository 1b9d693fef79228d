import { parseArgs } from 'node:util';
import { readParts } from '../main/audit/log-file.ts';
import { readKeyText } from '../main/audit/note.ts';
import { verifyLog } from '../main/audit/verification.ts';
import { KioskLogs } from './audit/kiosk-logs.ts';
import { openCentralDatabase } from './database.ts';
import { readDirectory } from './directory.ts';

// node central/audits.ts --dir DIR [--origin ORIGIN]: prints how the logs of kiosks stand and what alarms there are, one JSON line
// each, having looked through what is held; with an origin that log as a file. Ends with 1 when there is an alarm or a line that
// is held is not as it was.
const { values } = parseArgs({ options: { dir: { type: 'string' }, origin: { type: 'string' } } });
if (!values.dir) {
  console.error('usage: node central/audits.ts --dir DIR [--origin ORIGIN]');
  process.exit(2);
}
const { file, storeKey, database: server, esp } = readDirectory(values.dir);
const database = await openCentralDatabase(file, storeKey, server);
const logs = await KioskLogs.open(database, () => new Date(), esp?.logMonths);
await logs.advance();
const bytes = async function* (log: Parameters<KioskLogs['rows']>[0]) {
  for await (const rows of logs.rows(log)) yield Buffer.from(rows);
};
let amiss = false;
for (const log of await logs.logs()) {
  if (values.origin !== undefined) {
    if (log.origin === values.origin) for await (const rows of logs.rows(log)) process.stdout.write(rows);
    continue;
  }
  const against = { key: readKeyText(log.key), ...(log.checkpoint !== null && { kept: log.checkpoint }) };
  const { finding, erased } = await verifyLog(readParts(bytes(log)), against);
  amiss ||= finding !== undefined;
  console.log(JSON.stringify({ ...log, erased, ...(finding && { finding }) }));
}
const alarms = await logs.alarms();
if (values.origin === undefined) for (const alarm of alarms) console.log(JSON.stringify({ alarm }));
await database.close();
process.exitCode = amiss || alarms.length > 0 ? 1 : 0;
