import { createFaceReader, openFaceSteps } from '../../main/biometrics/face/face-reader.ts';
import type { CameraFrame, Rect } from '../../main/contract/image.ts';
import { modelsDir, prepareModels } from '../../models/prepare.ts';
import { FaceEmbedder } from '../../main/contract/biometrics.ts';
import { StepClock } from '../evaluate/step-clock.ts';
import { cameraFrame } from '../sim/face/camera.ts';
import { documentPortrait } from '../sim/face/document-portrait.ts';
import { people } from '../sim/face/people.ts';
import { renderScene } from '../sim/face/scene.ts';

const rounds = 30;
const side = 256;
const baseline = `baseline: product of two ${side} x ${side} float32 matrices`;

/** Measures the steps of reading faces, in milliseconds and as multiples of a plain matrix product in the same run. */
export async function bench(): Promise<void> {
  await prepareModels(modelsDir, () => {});
  const clock = new StepClock();
  const readers = await Promise.all(
    FaceEmbedder.options.map(
      async (id) => [id, createFaceReader(clock.time(await openFaceSteps(modelsDir, 1, id), id))] as const,
    ),
  );
  const portrait = await documentPortrait(people.hana, 1);
  const frames = await film(rounds);
  for (const frame of frames) {
    await clock.measure(baseline, async () => multiply());
    for (const [id, reader] of readers) {
      await clock.measure(`portrait, ${id}`, () => reader.readPortrait(portrait));
      await clock.measure(`frame, ${id}`, () => reader.readFrame(frame));
    }
  }
  const medians = clock.medians();
  const unit = medians.get(baseline) ?? NaN;
  for (const [step, ms] of medians) console.log(`${step}: ${ms.toFixed(2)} ms, ${(ms / unit).toFixed(2)} x baseline`);
}

/** Frames with the crop a capture would ask for. */
async function film(count: number): Promise<CameraFrame[]> {
  const crop: Rect = { x: 0.2, y: 0.1, width: 0.6, height: 0.85 };
  const frames: CameraFrame[] = [];
  for (let index = 0; index < count; index++) {
    frames.push(cameraFrame(await renderScene({ person: people.hana, seed: 1 }, index), index, crop));
  }
  return frames;
}

const left = Float32Array.from({ length: side * side }, (_, index) => Math.sin(index));
const right = Float32Array.from({ length: side * side }, (_, index) => Math.cos(index));

function multiply(): Float32Array {
  const product = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let inner = 0; inner < side; inner++) {
      const factor = left[row * side + inner] ?? 0;
      for (let column = 0; column < side; column++) {
        const at = row * side + column;
        product[at] = (product[at] ?? 0) + factor * (right[inner * side + column] ?? 0);
      }
    }
  }
  return product;
}
