import { writeSync } from 'node:fs';
import { createHash, randomInt } from 'node:crypto';
import { openStore } from '../../main/store/store.ts';
import { uuidv7 } from '../uplink/records.ts';
import { packet } from './disk.ts';

// The process that is killed: works on a store as fast as it can and says on its standard output what it has promised.
// node writer.ts FILE KEY [early]    `early` promises before it stores: the control, which must be caught.
const [file = '', key = '', early] = process.argv.slice(2);
const store = openStore({ file, key: Buffer.from(key, 'hex'), reserveBytes: 64 * 1024 });
const say = (what: string, ...words: string[]) => writeSync(1, `${what} ${words.join(' ')}\n`);

for (;;) {
  const crossingId = uuidv7();
  const [large, small] = [packet(randomInt(100, 60_000)), packet(200, { kind: 'guard-decision' })];
  const digests = [large, small].flatMap(({ id, sealed }) => [id, createHash('sha256').update(sealed).digest('hex')]);
  store.begin({ crossingId, startedAt: new Date().toISOString() });
  say('began', crossingId);
  if (early) {
    say('concluded', crossingId, ...digests);
    // Forever between the promise and the deed.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  store.conclude({ crossingId, outcome: 'clear' }, [large, small]);
  say('concluded', crossingId, ...digests);
  if (randomInt(3) > 0) continue;
  const rows = store.outbox.next({ maxRows: randomInt(1, 4), maxBytes: 100_000 });
  say('acknowledging', ...rows.map(({ packet }) => packet.id));
  store.outbox.acknowledge(rows.map(({ packet }) => packet.id));
  say('acknowledged', ...rows.map(({ packet }) => packet.id));
  store.outbox.purge();
}
