import { parseArgs } from 'node:util';
import { Fault } from '../main/contract/fault.ts';
import { openCentral } from './central.ts';
import { readDirectory } from './directory.ts';

// node central/main.ts --dir DIR [--port N] [--host H]: prints one JSON line when it listens, reads its keys and certificates
// anew on SIGHUP, and ends on SIGTERM or SIGINT.
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});
if (!values.dir) {
  console.error('usage: node central/main.ts --dir DIR [--port N] [--host H]');
  process.exit(2);
}
const { dir } = values;
const central = await openCentral({ ...readDirectory(dir), host: values.host, port: Number(values.port) });
console.log(JSON.stringify({ url: central.url, port: central.port }));
process.on('SIGHUP', () => {
  const reloaded = async () => central.reload(readDirectory(dir));
  reloaded().then(
    () => console.log(JSON.stringify({ reloaded: true })),
    (error: unknown) => console.error(JSON.stringify({ reloaded: false, fault: Fault.from(error).code })),
  );
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void central.close());
