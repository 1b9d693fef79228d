/**
 * Records the golden transcripts anew, through the real bindings, on faked nodes:
 * `umockdev-wrapper /usr/bin/python3 test/sim/umockdev/bridge.py SOCKET node test/devices/golden/record.ts SOCKET`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { umockdevRung } from '../contract/umockdev-rung.ts';
import { recordAll } from './recording.ts';

const rung = await umockdevRung(process.argv[2] ?? '');
const remark =
  '# Recorded at the port, through the real binding, on a node faked by umockdev (test/devices/golden/record.ts).';
for (const [name, lines] of Object.entries(await recordAll(rung))) {
  writeFileSync(join(import.meta.dirname, `${name}.transcript`), `${[remark, ...lines].join('\n')}\n`);
}
await rung.close();
