import { InferenceSession, Tensor } from 'onnxruntime-node';
import { findModel, readModel } from '../../../models/manifest.ts';
import { Fault } from '../../contract/fault.ts';
import type { Plane } from './plane.ts';
import { Uninterrupted } from '../../uninterrupted.ts';

/** The characters of a machine readable zone (ICAO Doc 9303 part 3, 4.3). */
export const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<';

/** What the network sees at steps of eight pixels: for each step a probability per character, and of nothing, which comes first. */
export interface Sighting {
  readonly steps: number;
  readonly values: Float32Array;
}

/** Probabilities of a step: one for nothing, and one for each character. */
export const sightingWidth = characters.length + 1;

/** Reads a line of print whose height is the network's. */
export interface Recogniser {
  read(line: Plane): Promise<Sighting>;
  close(): Promise<void>;
}

/** Which of the network's classes are the characters: their lines in the network's own alphabet, counted from 1. */
export const classes = [
  26, 93, 25, 94, 632, 631, 933, 29, 27, 1109, 1221, 3588, 4244, 1220, 4381, 1219, 5128, 425, 3587, 2697, 5193, 3506,
  3639, 3589, 4741, 1310, 4731, 5127, 1217, 1381, 4497, 5405, 5033, 5200, 1218, 4136, 3490,
] as const;

/** Opens the network for the processor. Faults: `model.missing`, `model.altered`. */
export async function openRecogniser(
  modelsDir: string,
  threads: number,
  native = new Uninterrupted(),
): Promise<Recogniser> {
  const model = findModel('pp-ocrv4-recognition');
  const network = await readModel(model, modelsDir);
  const session = await native.during(() =>
    InferenceSession.create(network, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // Threads that spin while they wait take the time of whoever shares the cores.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    }),
  );
  const { name, heightPx, mean, scale } = model.input;
  return {
    read: async ({ widthPx, heightPx: given, values }) => {
      if (given !== heightPx) throw new Fault('internal', 'a line does not fit the network');
      const plane = Float32Array.from(values, (value) => (value - mean[0]) * scale);
      const input = new Float32Array(3 * plane.length);
      for (let channel = 0; channel < 3; channel++) input.set(plane, channel * plane.length);
      const tensor = new Tensor('float32', input, [1, 3, heightPx, widthPx]);
      const outputs = await native.during(() => session.run({ [name]: tensor }));
      const [output] = Object.values(outputs);
      if (!(output?.data instanceof Float32Array)) throw new Fault('internal', 'the network gives no floats');
      return choose(output.data, output.dims[1] ?? 0);
    },
    close: () => session.release(),
  };
}

/** Our classes out of all, their sum made one again: what the network sees, knowing that it is one of these. */
function choose(all: Float32Array, steps: number): Sighting {
  const count = all.length / steps;
  const values = new Float32Array(steps * sightingWidth);
  for (let step = 0; step < steps; step++) {
    const own = values.subarray(step * sightingWidth, (step + 1) * sightingWidth);
    own[0] = all[step * count]!;
    for (const [index, place] of classes.entries()) own[index + 1] = all[step * count + place]!;
    const sum = own.reduce((total, value) => total + value, 0);
    for (let index = 0; index < sightingWidth; index++) own[index]! /= sum || 1;
  }
  return { steps, values };
}
