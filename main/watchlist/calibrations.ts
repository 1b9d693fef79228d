import type { FaceEmbedder } from '../contract/biometrics.ts';
import type { Calibration, Calibrations } from './likelihood.ts';

// Printed by `npm run evaluate -- likelihood KIND ...`; docs/policy.md says from what, and how far each can be trusted.

/** A number that agrees to the letter, and one that agrees but for O and 0, I and 1: set, not measured. */
const document: Calibration = [
  [0.9, 7],
  [1, 9],
];

/** 60 million pairs of drawn strangers, 2,861 of 3,000 drawn mates with up to two slips. */
const name: Calibration = [
  [0.88, 5.82],
  [0.9, 6.49],
  [0.92, 7.1],
  [0.94, 7.1],
  [0.96, 7.55],
];

/** 1,120 mated pairs of FVC2002; strangers by `falseMatchRate` of native/. */
const finger: Calibration = [
  [15, 2.07],
  [16, 2.53],
  [17, 3.03],
  [18, 3.69],
  [19, 4.15],
  [20, 4.68],
  [21, 5.17],
  [21.01, 6.06],
];

/** 150 mated pairs of lfw-dev; strangers by the model's curve in models/manifest.json. */
const faces: Readonly<Record<FaceEmbedder, Calibration>> = {
  'dlib-face-recognition-resnet': [
    [0.9414, 2.18],
    [0.9472, 2.92],
    [0.9514, 3.56],
    [0.9515, 4.98],
  ],
  mobilefacenet: [
    [0.5251, 1.8],
    [0.5585, 2.51],
    [0.6009, 3],
    [0.601, 5.08],
  ],
};

/** What the scores of each means are worth, with faces by that network. */
export const calibrationsFor = (embedder: FaceEmbedder): Calibrations => ({
  document,
  name,
  finger,
  face: faces[embedder],
});
