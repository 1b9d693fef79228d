import { rmSync } from 'node:fs';
import { countCryptography } from './time.ts';
import { watchConnections } from './handles.ts';
import { runSchedule } from './schedule.ts';
import { layIn } from './stock.ts';

// Runs under test/faults/disk.c: node worker.ts DIRECTORY FROM COUNT STEP [stop]   A line of JSON for each schedule; with
// `stop` it ends with the first that shows something wrong.
const [directory = '', from = '1', count = '1', step = '1', stop] = process.argv.slice(2);
countCryptography();
watchConnections();
const stock = await layIn(directory);
for (let i = 0; i < Number(count); i++) {
  const outcome = await runSchedule(Number(from) + i * Number(step), stock, directory);
  const { trace, ...figures } = outcome;
  console.log(JSON.stringify(outcome.violation || process.env['LIMEN_TRACE'] ? outcome : figures));
  if (outcome.violation && stop) break;
}
rmSync(directory, { recursive: true, force: true });
// What a dead kiosk was waiting for keeps nothing.
process.exit(0);
