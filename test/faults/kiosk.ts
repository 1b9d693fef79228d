import { randomInt } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Fault } from '../../main/contract/fault.ts';
import { laneOf } from '../../main/contract/packet.ts';
import type { LimenRecord } from '../../main/contract/record.ts';
import { openStore } from '../../main/store/store.ts';
import { whenUnsynced } from '../../main/store/unsynced.ts';
import { readCredentials } from '../../main/uplink/credentials.ts';
import { openKeyRing } from '../../main/uplink/key-ring.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { startUplink } from '../../main/uplink/uplink.ts';
import { alarmRecord, biometricsRecord, crossingRecord, guardRecord, statisticsRecord } from '../uplink/records.ts';

/*
 * The kiosk that is tormented: stores records as fast as it can, and says on its standard output which ones it has promised;
 * what it has it ships meanwhile.
 *   node kiosk.ts FOLDER CREDENTIALS URL MODE    begins when it is told "go", so that its start is no part of its life
 * MODE: `work`; `drain`, which stores nothing and ends when nothing is left to send; and the controls, which must be caught:
 * `early` promises before it stores, `careless` promises although the store failed, `normal` does not sync its commits.
 * It ends with 3 when its store fails: a process whose disk has failed is started again. With 4 when its store admits nobody.
 */
const [folder = '', credentialsFolder = '', url = '', mode = 'work'] = process.argv.slice(2);
const { kioskId, tls, keyAuthority, keyDocument } = readCredentials(credentialsFolder);
const makers = [crossingRecord, crossingRecord, guardRecord, alarmRecord, biometricsRecord, statisticsRecord];
const say = (what: string) => writeSync(1, `${what}\n`);

if (mode !== 'careless') {
  whenUnsynced(() => {
    say('unsynced');
    process.exit(3);
  });
}
for await (const _ of createInterface(process.stdin)) break;
try {
  await live();
} catch (error) {
  say(`failed ${Fault.from(error).code}`);
  process.exit(3);
}

async function live(): Promise<void> {
  if (mode === 'normal') await withoutSyncs();
  const store = openStore({
    file: join(folder, 'store.db'),
    key: new Uint8Array(32).fill(7),
    reserveBytes: Number(process.env['LIMEN_FAULTS_RESERVE'] ?? 256 * 1024),
  });
  const { outbox } = store;
  const ring = await openKeyRing({
    authority: keyAuthority,
    provisioned: keyDocument,
    kept: store.keyDocument,
    now: Date.now,
    maxAgeMs: 35 * 86_400_000,
  });
  const uplink = startUplink({ outbox, url, tls, receiptKey: ring.receiptKey, kioskId, onChange });
  say('open');
  if (mode === 'drain') return;
  for (;;) {
    if (mode !== 'careless' && !store.admits()) {
      say('refused');
      process.exit(4);
    }
    const record = makers[randomInt(makers.length)]!(kioskId);
    const packet = await sealRecord(record, ring.sealingKey());
    const promise = () => say(`promised ${packet.id} ${laneOf[packet.kind]}`);
    if (mode === 'early') {
      promise();
      // It dies between the promise and the deed, as a kill would have it sooner or later.
      if (randomInt(4) === 0) process.kill(process.pid, 'SIGKILL');
    }
    try {
      store.conclude({ crossingId: crossingOf(record), outcome: 'clear' }, [packet]);
    } catch (error) {
      if (mode !== 'careless') throw error;
      promise();
      throw error;
    }
    if (mode !== 'early') promise();
    uplink.nudge();
    // Lets the uplink have its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  function onChange(): void {
    if (uplink?.lastFault().startsWith('store.')) {
      say(`failed ${uplink.lastFault()}`);
      process.exit(3);
    }
    if (mode === 'drain' && outbox.stats().ready === 0) process.exit(0);
  }
}

function crossingOf(record: LimenRecord): string {
  return 'crossingId' in record ? record.crossingId : record.id;
}

/** Asks the database for what it must not be asked for, and tells the store that it was asked for what it must. */
async function withoutSyncs(): Promise<void> {
  const { default: Database } = await import('better-sqlite3');
  // It is called on what it is a method of.
  // oxlint-disable-next-line typescript/unbound-method
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function careless(this: typeof Database.prototype, text: string, options) {
    if (text === 'synchronous') return 2;
    return pragma.call(this, text === 'synchronous = 2' ? 'synchronous = 1' : text, options);
  };
}
