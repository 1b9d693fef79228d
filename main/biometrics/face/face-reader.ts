import type { FaceEmbedder, FaceTemplate } from '../../contract/biometrics.ts';
import type { CameraFrame, Rect, RgbImage } from '../../contract/image.ts';
import { alignFace, dlibChip, frameToken } from './alignment.ts';
import { measureCover } from './face-cover.ts';
import { createEyeOpening, type EyeOpening } from './eye-opening.ts';
import { createEmbedder, type Embedder, stillViews } from './embedder.ts';
import { createFaceDetector, type DetectedFace, type FaceDetector } from './face-detector.ts';
import { createLandmarker, type Landmarker, type Landmarks } from './face-landmarks.ts';
import { type FaceDefect, isBearable, judgeFace, measureFace } from './face-quality.ts';
import { type HeadMeasures, measureHead } from './head-measures.ts';
import { createImageDecoder, type ImageDecoder, portraitLimits } from '../../image/image-decoder.ts';
import { openNetwork } from './network.ts';
import { type Raster, rgbRaster } from './raster.ts';
import type { Uninterrupted } from '../../uninterrupted.ts';

/** A document's portrait: the picture, and a template where a face is found. Quality is 0 to 100, 0 without a face. */
export interface Portrait {
  readonly image: RgbImage;
  readonly template?: FaceTemplate;
  readonly quality: number;
}

/** A face image fit to be compared. */
export interface FaceShot {
  /** The head framed as a token image of 240 x 320 pixels. */
  readonly live: RgbImage;
  readonly template: FaceTemplate;
  readonly quality: number;
}

/** What a challenge needs of a face: what it measures, who it is, and the head as a token image. */
export interface ChallengeView {
  readonly head: HeadMeasures;
  readonly template: FaceTemplate;
  readonly token: RgbImage;
}

/** What one camera frame holds. */
export interface FrameReading {
  /** The faces as fractions of the frame, the biggest first; a box may reach beyond the frame. */
  readonly faces: readonly Rect[];
  /** The biggest face in colour: what is wrong with it, and a shot of it if that can be borne. Absent where the crop does not hold the face. */
  readonly closeUp?: {
    readonly defects: readonly FaceDefect[];
    readonly shot?: FaceShot;
    /** For a challenge, whatever is wrong with the face. */
    readonly challenge?: ChallengeView;
  };
}

/** Reads faces from encoded portraits and from camera frames. */
export interface FaceReader {
  /** Fault: `image.malformed`. */
  readPortrait(bytes: Uint8Array): Promise<Portrait>;
  readFrame(frame: CameraFrame, challenge?: boolean): Promise<FrameReading>;
}

/** Side of the aligned face that quality is measured on, whatever the embedder. */
const chipPx = 150;

/** What a reader is made of, one step each. */
export interface FaceSteps {
  readonly decodeImage: ImageDecoder;
  readonly detect: FaceDetector;
  readonly findLandmarks: Landmarker;
  readonly openingOfEyes: EyeOpening;
  readonly embedder: Embedder;
}

/** Opens the networks and the decoders. Faults: `model.missing`, `model.altered`. */
export async function openFaceSteps(
  modelsDir: string,
  threads: number,
  embedder: FaceEmbedder,
  native?: Uninterrupted,
): Promise<FaceSteps> {
  const open = (id: string) => openNetwork(id, modelsDir, threads, native);
  return {
    decodeImage: createImageDecoder(portraitLimits),
    detect: createFaceDetector(await open('blazeface-back')),
    findLandmarks: createLandmarker(await open('facemesh')),
    openingOfEyes: createEyeOpening(await open('iris')),
    embedder: createEmbedder(embedder, await open(embedder)),
  };
}

export function createFaceReader(steps: FaceSteps): FaceReader {
  return {
    readPortrait: async (bytes) => readPortrait(await steps.decodeImage(bytes), steps),
    readFrame: (frame, challenge = false) => readFrame(frame, steps, challenge),
  };
}

async function readPortrait(image: RgbImage, steps: FaceSteps): Promise<Portrait> {
  const { embedder } = steps;
  const raster = rgbRaster(image);
  const landmarks = (await findPortrait(raster, steps, 1)) ?? (await findPortrait(raster, steps, 2));
  if (!landmarks) return { image, quality: 0 };
  const aligned = alignFace(raster, landmarks, dlibChip, chipPx);
  const { score } = judgeFace(measureFace(landmarks, aligned, 1, await measureParts(raster, landmarks, steps)));
  return { image, template: await embedder.embed(raster, landmarks, stillViews), quality: score };
}

/**
 * The landmarks of the face that the picture is of: big, and in the middle. A face that fills its picture is found only
 * when seen from farther away.
 */
async function findPortrait(raster: Raster, { detect, findLandmarks }: FaceSteps, zoomOut: number) {
  const faces = await detect(raster, zoomOut);
  const claim = ({ centre, widthPx }: DetectedFace) =>
    widthPx - Math.hypot(centre.x - raster.widthPx / 2, centre.y - raster.heightPx / 2);
  const [face] = faces.toSorted((one, other) => claim(other) - claim(one));
  return face ? findLandmarks(raster, face) : null;
}

async function readFrame(frame: CameraFrame, steps: FaceSteps, challenge: boolean): Promise<FrameReading> {
  const { detect, findLandmarks, embedder } = steps;
  const { widthPx, heightPx, crop } = frame;
  const found = await detect({ widthPx, heightPx, channels: 1, pixels: frame.luma });
  const faces = found.map(({ centre, ...size }) => ({
    x: (centre.x - size.widthPx / 2) / widthPx,
    y: (centre.y - size.heightPx / 2) / heightPx,
    width: size.widthPx / widthPx,
    height: size.heightPx / heightPx,
  }));
  const [face] = found;
  const inCrop = face && crop && moveIntoCrop(face, frame, crop);
  if (!inCrop) return { faces };
  const raster = rgbRaster(crop.image);
  const landmarks = await findLandmarks(raster, inCrop);
  if (!landmarks) return { faces, closeUp: { defects: ['face-occlusion'] } };
  const aligned = alignFace(raster, landmarks, dlibChip, chipPx);
  const sourceScale = (crop.rect.width * frame.sourceWidthPx) / crop.image.widthPx;
  const { score, defects } = judgeFace(
    measureFace(landmarks, aligned, sourceScale, await measureParts(raster, landmarks, steps)),
  );
  const fit = defects.every(isBearable);
  if (!fit && !challenge) return { faces, closeUp: { defects } };
  const token = frameToken(raster, landmarks);
  const template = await embedder.embed(raster, landmarks);
  return {
    faces,
    closeUp: {
      defects,
      ...(fit && { shot: { live: token, template, quality: score } }),
      ...(challenge && { challenge: { head: measureHead(landmarks, aligned, crop.image), template, token } }),
    },
  };
}

/** Eyes and mouth: how far they are open, and whether they can be seen. */
async function measureParts(raster: Raster, landmarks: Landmarks, { openingOfEyes }: FaceSteps) {
  return { ...measureCover(raster, landmarks), eyeOpening: await openingOfEyes(raster, landmarks) };
}

/** The face in the crop's pixels; undefined where it does not lie in the crop whole. */
function moveIntoCrop(
  face: DetectedFace,
  { widthPx, heightPx }: Pick<Raster, 'widthPx' | 'heightPx'>,
  { rect, image }: NonNullable<CameraFrame['crop']>,
): DetectedFace | undefined {
  const [across, down] = [image.widthPx / (rect.width * widthPx), image.heightPx / (rect.height * heightPx)];
  const place = ({ x, y }: { x: number; y: number }) => ({
    x: (x - rect.x * widthPx) * across,
    y: (y - rect.y * heightPx) * down,
  });
  const centre = place(face.centre);
  const size = { widthPx: face.widthPx * across, heightPx: face.heightPx * down };
  const clear = Math.min(
    centre.x - size.widthPx / 2,
    centre.y - size.heightPx / 2,
    image.widthPx - centre.x - size.widthPx / 2,
    image.heightPx - centre.y - size.heightPx / 2,
  );
  if (!(clear >= 0)) return undefined;
  return { centre, ...size, eyes: [place(face.eyes[0]), place(face.eyes[1])], score: face.score };
}
