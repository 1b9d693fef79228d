import { writeSync } from 'node:fs';
import { openStore } from '../../main/store/store.ts';
import { takeUp } from './alerts.ts';
import { listOf } from './planted.ts';

// The process that is killed: takes up one list after another, whole and by changes, and says which it has promised.
// node list-writer.ts FILE KEY
const [file = '', key = ''] = process.argv.slice(2);
const store = openStore({ file, key: Buffer.from(key, 'hex'), reserveBytes: 64 * 1024 });
const now = () => new Date().toISOString();
for (let version = store.watchlist.least() + 1; ; version++) {
  if (version % 3 === 0 || !store.watchlist.current()) takeUp(store, version, listOf(version), now());
  else {
    const draft = store.watchlist.draft('current');
    const before = new Set([...store.watchlist.alerts()].map(({ reference }) => reference));
    for (const alert of listOf(version)) {
      draft.put(alert);
      before.delete(alert.reference);
    }
    for (const reference of before) draft.remove(reference);
    draft.commit({ version, madeAt: now() });
  }
  writeSync(1, `${version}\n`);
}
