import { defaultFingerThreshold, fingerModel, searchFingers } from '../../main/biometrics/finger/finger.ts';
import { FingerGallery } from '../../main/biometrics/finger/finger-gallery.ts';
import { drawTemplates } from '../sim/finger/draw-templates.ts';
import { drawnCache } from './drawn-samples.ts';
import { readFolder, type Sample } from './finger-folder.ts';

const first = 1_000_000;
const batch = 20_000;
const fingersApart = 1e6;

/**
 * Recall one to many: each print of the folders is searched for among all others of them and drawn fingers, a million or as
 * many as `DRAWN` says in the environment. Of the pairs of one finger that reach the threshold in a comparison of one to one,
 * how many were compared exactly; and how many drawn fingers reached it.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  const count = Number(process.env['DRAWN'] ?? 1_000_000);
  const samples: Sample[] = [];
  for (const [at, dir] of dirs.entries())
    for (const sample of (await readFolder(dir)).samples)
      samples.push({ ...sample, finger: sample.finger + at * fingersApart });
  const gallery = new FingerGallery();
  const set = await drawTemplates({ first, count: Math.max(count, batch), impression: 1 }, { cacheDir: drawnCache });
  for (let at = 0; at < count; at += batch)
    await gallery.add(
      Array.from({ length: Math.min(batch, count - at) }, (_, i) => ({
        id: `drawn ${at + i}`,
        position: 'unknown' as const,
        template: { ...fingerModel, bytes: set.at(at + i) },
      })),
    );
  await gallery.add(samples.map(({ template }, i) => ({ id: `real ${i}`, position: 'unknown', template })));
  const seen = { sure: 0, sureFound: 0, poor: 0, poorFound: 0, strangers: 0 };
  for (const [i, { template, finger }] of samples.entries()) {
    const mates = samples.map((_, at) => at).filter((at) => at !== i && samples[at]?.finger === finger);
    const hits = await gallery.search({
      probes: [{ position: 'unknown', template }],
      k: count,
      signal: new AbortController().signal,
    });
    const found = new Set(hits.map(({ id }) => id));
    const scores = await searchFingers(
      template,
      mates.flatMap((at) => samples[at]?.template ?? []),
    );
    for (const [k, at] of mates.entries()) {
      const score = scores[k] ?? 0;
      const kind = score >= defaultFingerThreshold ? 'sure' : 'poor';
      if (score <= 0) continue;
      seen[kind]++;
      if (found.has(`real ${at}`)) seen[`${kind}Found`]++;
    }
    seen.strangers += hits.filter(({ id, score }) => id.startsWith('drawn') && score >= defaultFingerThreshold).length;
    if ((i + 1) % 40 === 0) console.log(`${i + 1} of ${samples.length} searches: ${JSON.stringify(seen)}`);
  }
  gallery.close();
  console.log(
    `${count + samples.length} fingers: compared exactly ${seen.sureFound} of ${seen.sure} mates that score ` +
      `${defaultFingerThreshold} (${((100 * seen.sureFound) / seen.sure).toFixed(2)} %), ${seen.poorFound} of ${seen.poor} below; ` +
      `${seen.strangers} drawn fingers score so much in ${samples.length} searches`,
  );
}
