import type { FaceEmbedder } from '../contract/biometrics.ts';
import type { Calibration, Calibrations } from './likelihood.ts';

// Printed by `npm run evaluate -- likelihood KIND ...`; docs/policy.md says from what, and how far each can be trusted.

/** A number that agrees to the letter, and one that agrees but for O and 0, I and 1: set, not measured. */
const document: Calibration = [
  [0.9, 7],
  [1, 9],
];

const name: Calibration = [
  [0.84, 3],
  [1, 6],
];

const finger: Calibration = [
  [14, 3.5],
  [21, 6],
];

const faces: Readonly<Record<FaceEmbedder, Calibration>> = {
  'dlib-face-recognition-resnet': [
    [0.943, 3.5],
    [0.97, 4.5],
  ],
  mobilefacenet: [
    [0.529, 3.5],
    [0.7, 4.5],
  ],
};

/** What the scores of each means are worth, with faces by that network. */
export const calibrationsFor = (embedder: FaceEmbedder): Calibrations => ({
  document,
  name,
  finger,
  face: faces[embedder],
});
