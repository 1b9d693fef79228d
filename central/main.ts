import { parseArgs } from 'node:util';
import { Fault } from '../main/contract/fault.ts';
import { openCentral } from './central.ts';
import { readDirectory } from './directory.ts';
import { serviceNames } from './takers.ts';
import { openWorker } from './worker.ts';

// node central/main.ts --dir DIR [--port N] [--host H] [--database URL] [--queue URL] [--intake | --services NAME,...]: prints
// one JSON line when it listens or works, reads its keys and certificates anew on SIGHUP, and ends on SIGTERM or SIGINT. The
// URLs stand in central.json as well, where no list of processes shows a password. With a queue, `--intake` serves kiosks and
// leaves what they hand in to others, `--services` takes it for those services and serves nobody.
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    database: { type: 'string' },
    queue: { type: 'string' },
    intake: { type: 'boolean', default: false },
    services: { type: 'string' },
  },
});
const { dir, database, queue, services } = values;
const wanted = services?.split(',') ?? [];
const serves = serviceNames.filter((name) => wanted.includes(name));
if (dir === undefined || serves.length !== wanted.length || (services !== undefined && values.intake)) {
  console.error(
    `usage: node central/main.ts --dir DIR [--port N] [--host H] [--database URL] [--queue URL] [--intake | --services ${serviceNames.join(',')}]`,
  );
  process.exit(2);
}
const read = () => ({
  ...readDirectory(dir),
  ...(database !== undefined && { database }),
  ...(queue !== undefined && { queue }),
});
if (services === undefined) {
  const central = await openCentral({
    ...read(),
    ...(values.intake && { serves: [] }),
    host: values.host,
    port: Number(values.port),
  });
  console.log(JSON.stringify({ url: central.url, port: central.port }));
  process.on('SIGHUP', () => {
    const reloaded = async () => central.reload(readDirectory(dir));
    reloaded().then(
      () => console.log(JSON.stringify({ reloaded: true })),
      (error: unknown) => console.error(JSON.stringify({ reloaded: false, fault: Fault.from(error).code })),
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void central.close());
} else {
  const worker = await openWorker(read(), serves);
  console.log(JSON.stringify({ services: serves }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.close());
}
