import type { FaceTemplate } from '../../contract/biometrics.ts';
import type { RgbImage } from '../../contract/image.ts';
import { alignFace } from './alignment.ts';
import type { Landmarks } from './face-landmarks.ts';
import type { Network } from './network.ts';
import { mirror, type Raster } from './raster.ts';

/** Makes templates of one model and version. Another model is another embedder with an alignment of its own. */
export interface Embedder {
  readonly model: string;
  readonly version: string;
  /** The aligned face, which quality is measured on too. */
  align(raster: Raster, landmarks: Landmarks): RgbImage;
  embed(aligned: RgbImage): Promise<FaceTemplate>;
}

/** The model whose templates Limen makes. */
export const defaultEmbedder = 'dlib-face-recognition-resnet';

/** dlib's residual network: the mean over the face and its mirror image, at unit length. */
export function createDlibEmbedder(network: Network): Embedder {
  const { id: model, version, input } = network.model;
  return {
    model,
    version,
    align: (raster, landmarks) => alignFace(raster, landmarks, input.widthPx),
    embed: async (aligned) => {
      const { embedding = new Float32Array() } = await network.run([aligned, mirror(aligned)]);
      const half = embedding.length / 2;
      return { model, version, values: meanDirection([embedding.subarray(0, half), embedding.subarray(half)]) };
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
