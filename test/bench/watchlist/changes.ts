import type { Alert } from '../../../main/contract/watchlist.ts';
import { drawCrowd } from '../../sim/names/crowd.ts';
import { synthesize } from '../../sim/names/random.ts';
import { alert, takeUp } from '../../store/alerts.ts';
import { newDisk } from '../../store/disk.ts';
import { memoryBytes } from './times.ts';

const changes = [100, 1_000, 10_000];

function drawAlerts(count: number, seed: number): Alert[] {
  return drawCrowd(count, synthesize(seed)).map((identity, at) => ({ ...alert(at), identities: [identity] }));
}

/** A list without templates at rest: laid down whole, then changed by so many operations at once, root and commit included. */
export async function benchChanges(size: number): Promise<void> {
  using disk = newDisk();
  const madeAt = new Date().toISOString();
  const store = disk.open();
  try {
    const listed = drawAlerts(size, 1);
    const before = memoryBytes();
    let startedMs = performance.now();
    takeUp(store, 1, listed, madeAt);
    console.log(
      `at rest, ${size} alerts without templates: laid down in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
    );
    let version = 1;
    for (const count of changes) {
      const next = drawAlerts(count, 3);
      startedMs = performance.now();
      const draft = store.watchlist.draft('current');
      for (const [at, each] of next.entries()) {
        const reference = `A-${(at * 7919) % size}`;
        if (at % 10 === 9) draft.remove(reference);
        else draft.put({ ...each, reference });
      }
      const root = draft.root();
      const rootMs = performance.now() - startedMs;
      draft.commit({ version: ++version, madeAt });
      const allMs = performance.now() - startedMs;
      console.log(
        `  ${count} operations: root of ${root.length} bytes after ${rootMs.toFixed(0)} ms, in use after ${allMs.toFixed(0)} ms`,
      );
    }
    console.log(`  memory held besides: ${((memoryBytes() - before) / size).toFixed(0)} bytes an alert`);
  } finally {
    store.close();
  }
}
