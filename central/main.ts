import { parseArgs } from 'node:util';
import { openCentral } from './central.ts';
import { readDirectory } from './directory.ts';

// node central/main.ts --dir DIR [--port N] [--host H]: prints one JSON line when it listens, and ends on SIGTERM or SIGINT.
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
const central = await openCentral({ ...readDirectory(values.dir), host: values.host, port: Number(values.port) });
console.log(JSON.stringify({ url: central.url, port: central.port }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void central.close());
