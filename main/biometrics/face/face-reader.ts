import type { FaceTemplate } from '../../contract/biometrics.ts';
import { type CameraFrame, type Rect, type RgbImage } from '../../contract/image.ts';
import { frameToken } from './alignment.ts';
import { createDlibEmbedder, type Embedder } from './embedder.ts';
import { createFaceDetector, type DetectedFace, type FaceDetector } from './face-detector.ts';
import { createLandmarker, type Landmarker } from './face-landmarks.ts';
import { type FaceDefect, judgeFace, measureFace } from './face-quality.ts';
import { createImageDecoder } from './image-decoder.ts';
import { openNetwork } from './network.ts';
import { type Raster, rgbRaster } from './raster.ts';

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

/** What one camera frame holds. */
export interface FrameReading {
  /** The faces as fractions of the frame, the biggest first; a box may reach beyond the frame. */
  readonly faces: readonly Rect[];
  /** The biggest face in colour: what is wrong with it, or a shot of it. Absent where the crop does not hold the face. */
  readonly closeUp?: { readonly defects: readonly FaceDefect[]; readonly shot?: FaceShot };
}

/** Reads faces from encoded portraits and from camera frames. */
export interface FaceReader {
  /** Fault: `image.malformed`. */
  readPortrait(bytes: Uint8Array): Promise<Portrait>;
  readFrame(frame: CameraFrame): Promise<FrameReading>;
}

/** Opens the three networks and the decoders. Faults: `model.missing`, `model.altered`. */
export async function openFaceReader(modelsDir: string, threads: number): Promise<FaceReader> {
  const [detection, mesh, embedding] = await Promise.all(
    ['blazeface-back', 'facemesh', 'dlib-face-recognition-resnet'].map((id) => openNetwork(id, modelsDir, threads)),
  );
  if (!detection || !mesh || !embedding) throw new RangeError('three networks were asked for');
  const detect = createFaceDetector(detection);
  const findLandmarks = createLandmarker(mesh);
  const embedder = createDlibEmbedder(embedding);
  const decodeImage = createImageDecoder();
  return {
    readPortrait: async (bytes) => readPortrait(await decodeImage(bytes), detect, findLandmarks, embedder),
    readFrame: (frame) => readFrame(frame, detect, findLandmarks, embedder),
  };
}

async function readPortrait(
  image: RgbImage,
  detect: FaceDetector,
  findLandmarks: Landmarker,
  embedder: Embedder,
): Promise<Portrait> {
  const raster = rgbRaster(image);
  const [face] = await detect(raster);
  const landmarks = face && (await findLandmarks(raster, face));
  if (!landmarks) return { image, quality: 0 };
  const aligned = embedder.align(raster, landmarks);
  const { score } = judgeFace(measureFace(landmarks, aligned, 1));
  return { image, template: await embedder.embed(aligned), quality: score };
}

async function readFrame(
  frame: CameraFrame,
  detect: FaceDetector,
  findLandmarks: Landmarker,
  embedder: Embedder,
): Promise<FrameReading> {
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
  if (!landmarks) return { faces };
  const aligned = embedder.align(raster, landmarks);
  const sourceScale = (crop.rect.width * frame.sourceWidthPx) / crop.image.widthPx;
  const { score, defects } = judgeFace(measureFace(landmarks, aligned, sourceScale));
  if (defects.length > 0) return { faces, closeUp: { defects } };
  const shot = { live: frameToken(raster, landmarks), template: await embedder.embed(aligned), quality: score };
  return { faces, closeUp: { defects, shot } };
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
