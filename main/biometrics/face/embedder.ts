import type { FaceEmbedder, FaceTemplate } from '../../contract/biometrics.ts';
import { type Alignment, alignFace, arcFace, dlibChip, straightView, type View } from './alignment.ts';
import type { Landmarks } from './face-landmarks.ts';
import type { Network } from './network.ts';
import { mirror, type Raster } from './raster.ts';

/** Makes templates of one model and version. */
export interface Embedder {
  readonly model: string;
  readonly version: string;
  /** The template of a face: the mean over the views and their mirror images, at unit length. */
  embed(raster: Raster, landmarks: Landmarks, views?: readonly View[]): Promise<FaceTemplate>;
}

/** The model whose templates Limen makes unless configured otherwise. */
export const defaultEmbedder: FaceEmbedder = 'dlib-face-recognition-resnet';

/** Each model with the alignment that its network was trained on. */
const alignments: Readonly<Record<FaceEmbedder, Alignment>> = {
  'dlib-face-recognition-resnet': dlibChip,
  mobilefacenet: arcFace,
};

/** The views of a still picture, of which there is only one: straight, a little nearer and farther, and turned either way. */
export const stillViews: readonly View[] = [
  straightView,
  { ...straightView, zoom: 1.04 },
  { ...straightView, zoom: 0.96 },
  { ...straightView, turn: 3 },
  { ...straightView, turn: -3 },
];

/** An embedder of the network's model. */
export function createEmbedder(id: FaceEmbedder, network: Network): Embedder {
  const { id: model, version, input } = network.model;
  return {
    model,
    version,
    embed: async (raster, landmarks, views = [straightView]) => {
      const faces = views.map((view) => alignFace(raster, landmarks, alignments[id], input.widthPx, view));
      const { embedding = new Float32Array() } = await network.run(faces.flatMap((face) => [face, mirror(face)]));
      const length = embedding.length / (views.length * 2);
      const vectors = Array.from({ length: views.length * 2 }, (_, index) =>
        embedding.subarray(index * length, (index + 1) * length),
      );
      return { model, version, values: meanDirection(vectors) };
    },
  };
}

/** The mean of vectors, at unit length. */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [index, value] of vector.entries()) mean[index] = (mean[index] ?? 0) + value;
  const length = Math.hypot(...mean) || 1;
  return mean.map((value) => value / length);
}
