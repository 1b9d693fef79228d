import * as z from 'zod';
import type { GreyImage, Rect, RgbImage } from './image.ts';

/** Finger positions as ISO/IEC 19794-2:2005 table 2 numbers them (1 right thumb ... 10 left little). */
export const fingerPositions = [
  'unknown',
  'right-thumb',
  'right-index',
  'right-middle',
  'right-ring',
  'right-little',
  'left-thumb',
  'left-index',
  'left-middle',
  'left-ring',
  'left-little',
] as const;
export const FingerPosition = z.enum(fingerPositions);
export type FingerPosition = z.infer<typeof FingerPosition>;

/** What is laid on a four-finger scanner at once: positions 13, 14 and 15 of ANSI/NIST-ITL. */
export const slapKinds = ['right-four', 'left-four', 'thumbs'] as const;
export const SlapKind = z.enum(slapKinds);
export type SlapKind = z.infer<typeof SlapKind>;

/** The fingers of a slap as they lie on the glass seen from above, from left to right. */
export const slapFingers = {
  'right-four': ['right-index', 'right-middle', 'right-ring', 'right-little'],
  'left-four': ['left-little', 'left-ring', 'left-middle', 'left-index'],
  thumbs: ['left-thumb', 'right-thumb'],
} as const satisfies Record<SlapKind, readonly FingerPosition[]>;

/** The networks that make face templates, by their ids in models/manifest.json. */
export const FaceEmbedder = z.enum(['dlib-face-recognition-resnet', 'mobilefacenet']);
export type FaceEmbedder = z.infer<typeof FaceEmbedder>;

/** A biometric template and what made it. Templates of different makers or versions are never compared. */
export interface FaceTemplate {
  readonly model: string;
  readonly version: string;
  /** Unit length. */
  readonly values: Float32Array;
}
export interface FingerTemplate {
  readonly model: string;
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** The outcome of a biometric comparison (ISO/IEC 2382-37): higher scores are more alike. */
export interface Comparison {
  readonly score: number;
  readonly threshold: number;
  readonly matched: boolean;
  readonly model: string;
  /** How often two that are not the same reach this score, at most; where that has been measured. */
  readonly falseMatchRate?: number;
}

/** Two minutiae that a comparison took for one: where each lies in its print, in pixels at 500 dpi, y down. */
export interface MinutiaPair {
  readonly probe: MinutiaPlace;
  readonly candidate: MinutiaPlace;
}
export interface MinutiaPlace {
  /** Counted from 0, as the template lists it. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** What the traveller can do for a better face image; `hold` when it is good. */
export const FaceHint = z.enum([
  'find',
  'closer',
  'back',
  'centre',
  'straight',
  'one-person',
  'light',
  'still',
  'eyes',
  'hold',
  'wait',
]);
export type FaceHint = z.infer<typeof FaceHint>;

/** What the traveller can do for a better finger image; `wait` while the scanner is away. */
export const FingerHint = z.enum(['place', 'hold', 'lift', 'press-harder', 'press-lighter', 'centre', 'clean', 'wait']);
export type FingerHint = z.infer<typeof FingerHint>;

/** One finger as captured: the image, its template, and a quality score of Limen's own (0-100, not NFIQ 2). */
export interface FingerEvidence {
  readonly position: FingerPosition;
  readonly image: GreyImage;
  readonly template: FingerTemplate;
  readonly quality: number;
}

/** The live face as captured, and its comparison with the document's portrait. */
export interface FaceEvidence {
  readonly live: RgbImage;
  readonly template: FaceTemplate;
  readonly quality: number;
  /** Absent when the document gave no portrait a face was found in. */
  readonly comparison?: Comparison;
}

/** What a traveller is asked to do to show that a person stands there: turn the head, or look at a coloured screen. */
export const turnPrompts = ['turn-left', 'turn-right'] as const;
export const lightPrompts = ['red', 'green', 'blue'] as const;
export const ChallengePrompt = z.enum(['centre', ...turnPrompts, ...lightPrompts]);
export type ChallengePrompt = z.infer<typeof ChallengePrompt>;
export type LightPrompt = (typeof lightPrompts)[number];

/** A step of the challenge as it went: what was measured against what was needed, and a frame of it. */
export interface ChallengeStep {
  readonly prompt: ChallengePrompt;
  readonly measured: number;
  readonly needed: number;
  readonly image: RgbImage;
}

/** How the challenge went, with frames for the guard, of all attempts. It says that the prompts were followed, and no more. */
export interface ChallengeEvidence {
  readonly passed: boolean;
  readonly steps: readonly ChallengeStep[];
}

/** What one camera frame told: where the face is, what would help, and which crop of the next frame is wanted. */
export interface FrameAnswer {
  readonly wanted: boolean;
  readonly hint: FaceHint;
  readonly box: Rect | null;
  readonly crop: Rect | null;
  /** 0 to 1: how near the capture is to its end. */
  readonly progress: number;
}
