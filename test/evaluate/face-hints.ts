import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { type FaceSteps, openFaceSteps } from '../../main/biometrics/face/face-reader.ts';
import { alignFace, dlibChip } from '../../main/biometrics/face/alignment.ts';
import { measureCover } from '../../main/biometrics/face/face-cover.ts';
import type { DetectedFace } from '../../main/biometrics/face/face-detector.ts';
import type { Landmarks } from '../../main/biometrics/face/face-landmarks.ts';
import { type FaceDefect, judgeFace, measureFace } from '../../main/biometrics/face/face-quality.ts';
import type { Raster } from '../../main/biometrics/face/raster.ts';
import { modelsDir, prepareModels } from '../../models/prepare.ts';
import { occlude, occlusions, openMouth } from '../sim/face/occlusions.ts';
import { confidence } from './verification.ts';

/** The defects that are counted, and how wide mouths are opened, as shares of the distance between the eyes. */
const counted: readonly FaceDefect[] = [
  'face-occlusion',
  'mouth-occlusion',
  'eyes-visible',
  'eyes-open',
  'mouth-closed',
];
const openings = [0.12, 0.2, 0.35, 0.5] as const;

type Look = readonly [name: string, draw: (raster: Raster, face: Landmarks) => Promise<Raster> | Raster];

/**
 * Counts how often each defect of covered faces is found in the pictures of folders (JPEG, one face each), as they are and
 * with things drawn over the face. A picture in which no face is found with something drawn over it is counted apart: the
 * traveller is then told to stand before the camera.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  await prepareModels(modelsDir, () => {});
  const steps = await openFaceSteps(modelsDir, 1, 'dlib-face-recognition-resnet');
  const looks: Look[] = [
    ['as they are', (raster) => raster],
    ...Object.entries(occlusions).map(([name, thing]): Look => [name, (raster, face) => occlude(raster, face, thing)]),
    ...openings.map((by): Look => [`mouth opened by ${by}`, (raster, face) => openMouth(raster, face, by)]),
  ];
  for (const dir of dirs) {
    const tallies = new Map<string, Map<string, number>>(looks.map(([name]) => [name, new Map()]));
    let faces = 0;
    for (const file of readdirSync(dir).filter((name) => name.endsWith('.jpg'))) {
      const raster = await readRaster(join(dir, file));
      const face = await findFace(raster, steps);
      const landmarks = face && (await steps.findLandmarks(raster, face));
      if (!landmarks) continue;
      faces++;
      for (const [name, draw] of looks) {
        const tally = tallies.get(name);
        for (const defect of await defectsOf(await draw(raster, landmarks), steps)) {
          tally?.set(defect, (tally.get(defect) ?? 0) + 1);
        }
      }
    }
    console.log(`${dir}: ${faces} faces`);
    for (const [name, tally] of tallies) {
      const shares = ['no face', ...counted].map((defect) => share(tally.get(defect) ?? 0, faces, defect));
      console.log(`  ${name}: ${shares.filter((text) => text !== '').join(', ') || 'nothing'}`);
    }
  }
}

async function defectsOf(raster: Raster, steps: FaceSteps): Promise<readonly string[]> {
  const face = await findFace(raster, steps);
  if (!face) return ['no face'];
  const landmarks = await steps.findLandmarks(raster, face);
  if (!landmarks) return ['face-occlusion'];
  const parts = { ...measureCover(raster, landmarks), eyeOpening: await steps.openingOfEyes(raster, landmarks) };
  return judgeFace(measureFace(landmarks, alignFace(raster, landmarks, dlibChip, 150), 1, parts)).defects;
}

/** The face that the picture is of: big, and in the middle. */
async function findFace(raster: Raster, { detect }: FaceSteps): Promise<DetectedFace | undefined> {
  const claim = ({ centre, widthPx }: DetectedFace) =>
    widthPx - Math.hypot(centre.x - raster.widthPx / 2, centre.y - raster.heightPx / 2);
  return (await detect(raster)).toSorted((one, other) => claim(other) - claim(one))[0];
}

async function readRaster(file: string): Promise<Raster> {
  const { data, info } = await sharp(await readFile(file))
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: 3, pixels: new Uint8Array(data) };
}

function share(count: number, of: number, defect: string): string {
  if (count === 0) return '';
  const percent = (value: number) => (value * 100).toFixed(1);
  const [low, high] = confidence(count / of, of);
  return `${defect} ${percent(count / of)} % (${percent(low)} to ${percent(high)})`;
}
