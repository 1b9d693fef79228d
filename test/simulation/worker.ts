import { rmSync, writeSync } from 'node:fs';
import { countCryptography } from './time.ts';
import { watchConnections } from './handles.ts';
import { runSchedule } from './schedule.ts';
import { layIn } from './stock.ts';

// Runs under test/faults/disk.c: node worker.ts DIRECTORY FROM COUNT STEP [stop]   A line of JSON for each schedule; with
// `stop` it ends with the first that shows something wrong.
const [directory = '', from = '1', count = '1', step = '1', stop] = process.argv.slice(2);
const lastLines = 60;
countCryptography();
watchConnections();
const stock = await layIn(directory);
for (let i = 0; i < Number(count); i++) {
  const outcome = await runSchedule(Number(from) + i * Number(step), stock, directory);
  const trace = process.env['LIMEN_TRACE'] ? outcome.trace : outcome.violation ? outcome.trace.slice(-lastLines) : [];
  // The process ends without waiting for its output.
  for (let line = Buffer.from(`${JSON.stringify({ ...outcome, trace })}\n`); line.length > 0;)
    line = line.subarray(writeSync(1, line));
  if (outcome.violation && stop) break;
}
await stock.remove();
rmSync(directory, { recursive: true, force: true });
// What a dead kiosk was waiting for keeps nothing.
process.exit(0);
