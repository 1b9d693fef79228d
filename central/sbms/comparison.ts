import { FaceGallery } from '../../native/face-gallery.ts';
import { FingerGallery } from '../../native/finger-gallery.ts';
import { isFingerModel } from '../../native/finger-model.ts';
import type { Scores } from './evidence.ts';
import type { Probe } from './probe.ts';
import { faceModelOf, faceOf, fingerOf, type StoredTemplate } from './template.ts';

/**
 * Compares a probe with the templates of a few files, each exactly; several fingers of one file count together, as everywhere
 * (docs/fingerprint-search.md). What a file lacks, or has of another make only, is absent from its scores.
 */
export async function compareWith(
  probe: Probe,
  files: ReadonlyMap<string, readonly StoredTemplate[]>,
  signal: AbortSignal,
): Promise<Map<string, Scores>> {
  const [fingers, faces] = await Promise.all([fingerScores(probe, files, signal), faceScores(probe, files, signal)]);
  return new Map(
    [...files.keys()].map((file) => {
      const [finger, face] = [fingers.get(file), faces.get(file)];
      return [file, { ...(finger !== undefined && { finger }), ...(face && { face }) }];
    }),
  );
}

async function fingerScores(
  { fingers }: Probe,
  files: ReadonlyMap<string, readonly StoredTemplate[]>,
  signal: AbortSignal,
) {
  const probes = fingers.filter(({ template }) => isFingerModel(template));
  const met = ({ kind, position, ...made }: StoredTemplate) =>
    kind === 'finger' &&
    isFingerModel(made) &&
    probes.some((probe) => probe.position === position || probe.position === 'unknown' || position === 'unknown');
  const own = [...files].map(([id, templates]) => [id, templates.filter(met).map(fingerOf)] as const);
  const compared = own.filter(([, templates]) => templates.length > 0);
  // What has nothing alike is not found, and scores nothing.
  const scores = new Map(compared.map(([id]) => [id, 0]));
  if (compared.length === 0) return scores;
  const gallery = new FingerGallery();
  try {
    await gallery.add(compared.flatMap(([id, templates]) => templates.map((finger) => ({ id, ...finger }))));
    for (const { id, score } of await gallery.search({ probes, k: compared.length, signal })) scores.set(id, score);
    return scores;
  } finally {
    gallery.close();
  }
}

async function faceScores(
  { face: probe }: Probe,
  files: ReadonlyMap<string, readonly StoredTemplate[]>,
  signal: AbortSignal,
) {
  const scores = new Map<string, NonNullable<Scores['face']>>();
  const model = probe && faceModelOf(probe);
  if (!probe || !model) return scores;
  const { version, values } = probe;
  const faces = [...files].flatMap(([id, templates]) =>
    templates
      .filter((each) => each.kind === 'face' && each.model === probe.model && each.version === version)
      .flatMap((each) => faceOf(each) ?? [])
      .map((template) => ({ id, template })),
  );
  if (faces.length === 0) return scores;
  const gallery = new FaceGallery({ model: probe.model, version, values: values.length });
  try {
    await gallery.add(faces);
    const found = await gallery.search({ probes: [{ template: probe }], k: faces.length, signal });
    for (const { id, score } of found) scores.set(id, { score, model });
    return scores;
  } finally {
    gallery.close();
  }
}
