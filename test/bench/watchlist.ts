import { benchChanges } from './watchlist/changes.ts';
import { benchNames } from './watchlist/names.ts';
import { benchWhole } from './watchlist/whole.ts';

/** Alerts with templates, and fingers among them: more do not fit beside the drawn ones; `face-search` and `fingerprint --full` go to a million. */
const whole = { usual: [20_000, 2_000], full: [100_000, 100_000] } as const;

/** Prints what a watchlist costs: names of 100,000 identities (a million by `--full`), all means together, and changes at rest. */
export async function bench(): Promise<void> {
  const full = process.argv.includes('--full');
  for (const size of full ? [100_000, 1_000_000] : [100_000]) {
    await benchNames(size);
    await benchChanges(size);
  }
  const [size, fingers] = full ? whole.full : whole.usual;
  await benchWhole(size, fingers);
}
