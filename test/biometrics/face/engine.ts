import { after } from 'node:test';
import { type FaceEngine, openFaceEngine } from '../../../main/biometrics/face/face-engine.ts';
import { modelsDir, prepareModels } from '../../../models/prepare.ts';

await prepareModels(modelsDir, () => {});

/** One engine for all tests of a file: its models are loaded once. */
export const engine: FaceEngine = await openFaceEngine({ modelsDir });
after(() => engine.close());
