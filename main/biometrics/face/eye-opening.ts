import { landmark, type Landmarks, meshPoint } from './face-landmarks.ts';
import type { Network } from './network.ts';
import { fitSimilarity, mirror, type Raster, warp } from './raster.ts';

/** How far the eyes are open: height over width of the one that is open less. About 0.3 for open eyes, 0.15 for shut ones. */
export type EyeOpening = (raster: Raster, landmarks: Landmarks) => Promise<number>;

/** The width of the eye in the network's picture of it. */
const eyeShare = 1 / 2.3;
/** Points of the contour: the corners, and pairs below and above the middle. */
const corners = [0, 8] as const;
const lids = [
  [3, 11],
  [4, 12],
  [5, 13],
] as const;

/** Measures with MediaPipe's iris network, which follows the lids far better than the face mesh does. */
export function createEyeOpening(network: Network): EyeOpening {
  const sidePx = network.model.input.widthPx;
  const half = (sidePx * eyeShare) / 2;
  const targets = [-half, half].map((x) => ({ x: sidePx / 2 + x, y: sidePx / 2 }));
  const openingOf = async (raster: Raster, landmarks: Landmarks, left: number, right: number, mirrored: boolean) => {
    const eye = warp(
      raster,
      fitSimilarity(targets, [landmark(landmarks, left), landmark(landmarks, right)]),
      sidePx,
      sidePx,
    );
    const { contour = new Float32Array() } = await network.run([mirrored ? mirror(eye) : eye]);
    const apart = (one: number, other: number) =>
      Math.hypot(
        (contour[one * 3] ?? 0) - (contour[other * 3] ?? 0),
        (contour[one * 3 + 1] ?? 0) - (contour[other * 3 + 1] ?? 0),
      );
    const height = lids.reduce((sum, [below, above]) => sum + apart(below, above), 0) / lids.length;
    return height / (apart(...corners) || 1);
  };
  const { rightEyeOuter, rightEyeInner, leftEyeInner, leftEyeOuter } = meshPoint;
  return async (raster, landmarks) =>
    // The network knows left eyes; the right one is shown to it in a mirror.
    Math.min(
      await openingOf(raster, landmarks, rightEyeOuter, rightEyeInner, true),
      await openingOf(raster, landmarks, leftEyeInner, leftEyeOuter, false),
    );
}
