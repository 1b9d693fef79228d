import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedConfiguration } from '../../central/esp/configuration.ts';
import { openSbmsLog } from '../../central/sbms/sbms-log.ts';
import { Sbms } from '../../central/sbms/sbms.ts';
import { SqliteDatabase } from '../../central/sqlite.ts';
import { FingerGallery } from '../../native/finger-gallery.ts';
import { listThreshold } from '../../native/finger-model.ts';
import { readFolder, type Sample } from './finger-folder.ts';

const fingersApart = 1e6;
const position = 'unknown' as const;

/**
 * Stores every print of the folders at the matching service as a file of its own and looks for each: whether the candidates are
 * those, in that order, that a gallery of the same prints gives from the same threshold on; and how many are mates.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  const samples: Sample[] = [];
  for (const [at, dir] of dirs.entries())
    for (const sample of (await readFolder(dir)).samples)
      samples.push({ ...sample, finger: sample.finger + at * fingersApart });
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const database = new SqliteDatabase(join(directory, 'central.db'), randomBytes(32));
  const log = await openSbmsLog(database, 12);
  const rules = { ...closedConfiguration.biometrics, leastQuality: { finger: 0, face: 0 } };
  const sbms = await Sbms.open(database, { log, rules, now: () => new Date() });
  const gallery = new FingerGallery();
  await gallery.add(samples.map(({ template }, i) => ({ id: String(i), position, template })));
  await database.transaction(async () => {
    for (const [i, { template }] of samples.entries()) {
      const { model, version, bytes } = template;
      await sbms.store('EES', String(i), 'finger', [{ position, model, version, quality: 100, template: bytes }]);
    }
  });
  await sbms.follow();
  const { signal } = new AbortController();
  const asker = { queryId: 'evaluation', authority: 'evaluation', purpose: 'evaluation', caseId: 'evaluation' };
  const threshold = listThreshold(samples.length);
  const seen = { same: 0, candidates: 0, mates: 0, strangers: 0 };
  for (const [i, { template, finger }] of samples.entries()) {
    const fingers = [{ position, template }];
    const alone = await gallery.search({ probes: fingers, k: 100, signal });
    const { candidates } = await sbms.search('EES', { fingers, good: true }, asker, signal);
    const expected = alone.filter(({ score }) => score >= threshold).map(({ id }) => id);
    const files = candidates.map(({ file }) => file);
    if (new Set(files).size === files.length && files.toSorted().join() === expected.toSorted().join()) seen.same++;
    for (const file of files.filter((each) => each !== String(i))) {
      seen.candidates++;
      if (samples[Number(file)]?.finger === finger) seen.mates++;
      else seen.strangers++;
    }
  }
  console.log(
    `${samples.length} prints, threshold ${threshold.toFixed(1)}: ${seen.same} searches gave what the gallery alone gives; ` +
      `${seen.candidates} candidates besides the print itself, ${seen.mates} of the same finger, ${seen.strangers} of others`,
  );
  gallery.close();
  await sbms.close();
  await database.close();
  rmSync(directory, { recursive: true, force: true });
}
