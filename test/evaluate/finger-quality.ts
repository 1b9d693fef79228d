import { defaultFingerThreshold, searchFingers } from '../../main/biometrics/finger/finger.ts';
import { readFolder, type ReadSample } from './finger-folder.ts';
import { rankCorrelation } from './rank-correlation.ts';

/** A genuine pair: the lower quality of the two images, and the score of their comparison. */
interface Mates {
  readonly quality: number;
  readonly score: number;
}

/**
 * Measures what quality foretells on folders of images of fingers (`readFolder`): its rank correlation with genuine scores,
 * and the misses that are left when the tenth of the images with the lowest quality is rejected.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  const all: { readonly samples: readonly ReadSample[]; readonly mates: readonly Mates[] }[] = [];
  for (const dir of dirs) {
    const { name, samples } = await readFolder(dir);
    const mates = await compareMates(samples);
    report(name, samples, mates);
    all.push({ samples, mates });
  }
  if (all.length > 1)
    report(
      'pooled',
      all.flatMap(({ samples }) => samples),
      all.flatMap(({ mates }) => mates),
    );
}

async function compareMates(samples: readonly ReadSample[]): Promise<Mates[]> {
  const out: Mates[] = [];
  for (const [i, probe] of samples.entries()) {
    const mates = samples.slice(i + 1).filter(({ finger }) => finger === probe.finger);
    const scores = await searchFingers(
      probe.template,
      mates.map(({ template }) => template),
    );
    for (const [j, mate] of mates.entries())
      out.push({ quality: Math.min(probe.quality, mate.quality), score: scores[j] ?? 0 });
  }
  return out;
}

function report(name: string, samples: readonly ReadSample[], mates: readonly Mates[]): void {
  const correlation = rankCorrelation(
    mates.map(({ quality }) => quality),
    mates.map(({ score }) => score),
  );
  const sorted = samples.map(({ quality }) => quality).toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const missed = (kept: readonly Mates[]): string =>
    ((100 * kept.filter(({ score }) => score < defaultFingerThreshold).length) / kept.length).toFixed(2);
  const kept = mates.filter(({ quality }) => quality >= at(0.1));
  console.log(
    `${name}: quality ${at(0.05)} to ${at(0.95)}, median ${at(0.5)}; rank correlation with genuine scores ` +
      `${correlation.toFixed(2)}; FNMR at ${defaultFingerThreshold} ${missed(mates)} %, without the tenth of lowest quality ` +
      `${missed(kept)} %`,
  );
}
