import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { ListShelf } from '../../central/watchlist/list-shelf.ts';
import { ListFolder } from '../../central/watchlist/list-folder.ts';
import { Fault } from '../../main/contract/fault.ts';
import { rootOfAlerts } from '../../main/list-root.ts';
import { openStore } from '../../main/store/store.ts';
import { ListDownload } from '../../main/uplink/list-download.ts';
import { visitList } from '../../main/uplink/list-visit.ts';
import { shelfLine } from '../sim/list/shelf-line.ts';

/*
 * The kiosk whose lists are tormented: says what it holds, worked out from its alerts, then takes up whatever is published.
 *   node list-kiosk.ts FOLDER PUBLISHED MODE    begins when it is told "go"
 * MODE: `work`, or `look`, which says what it holds and ends.
 */
const [folder = '', published = '', mode = 'work'] = process.argv.slice(2);
const say = (what: string) => writeSync(1, `${what}\n`);

for await (const _ of createInterface(process.stdin)) break;
try {
  const store = openStore({
    file: join(folder, 'store.db'),
    key: new Uint8Array(32).fill(7),
    reserveBytes: 256 * 1024,
  });
  const { watchlist } = store;
  const told = watchlist.current();
  const root = told ? rootOfAlerts(watchlist.alerts()).toString('hex') : 'none';
  say(`held ${told?.version ?? 0} ${told?.count ?? 0} ${root}`);
  if (mode === 'look') process.exit(0);
  const source = new ListFolder(published);
  const shelf = new ListShelf(source, createPrivateKey(readFileSync(source.file('timestamp.key'))), Date.now);
  const download = await ListDownload.open(join(folder, 'download'));
  const refused = new Set<string>();
  for (;;) {
    await visitList({
      line: shelfLine(shelf),
      provisioned: source.roots()[0]!.bytes,
      metadata: store.listMetadata,
      watchlist,
      download,
      refused,
      maxAgeMs: 48 * 3_600_000,
      nowMs: Date.now(),
      signal: new AbortController().signal,
      onTaken: () => say(`taken ${watchlist.current()!.version}`),
    }).catch((error: unknown) => {
      // What was published anew meanwhile is found by the next visit.
      const { code } = Fault.from(error);
      if (code !== 'watchlist.refused') throw error;
      refused.clear();
    });
    await setTimeout(1);
  }
} catch (error) {
  say(`failed ${Fault.from(error).code} ${Fault.from(error).message}`);
  process.exit(3);
}
