import { InferenceSession, Tensor } from 'onnxruntime-node';
import { findModel, readModel } from '../../../models/manifest.ts';
import { Fault } from '../../contract/fault.ts';
import type { Plane } from './plane.ts';
import { Uninterrupted } from '../../uninterrupted.ts';

/** The characters of a machine readable zone (ICAO Doc 9303 part 3, 4.3). */
export const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<';

/** A step of the network in pixels of the line. */
export const stepPx = 8;

/** What the network sees at its steps: for each step a probability per character, and of nothing, which comes first. */
export interface Sighting {
  readonly steps: number;
  readonly values: Float32Array;
}

/** Probabilities of a step: one for nothing, and one for each character. */
export const sightingWidth = characters.length + 1;

/** Reads lines of print whose height is the network's, all at the same time. */
export interface Recogniser {
  read(lines: readonly Plane[]): Promise<Sighting[]>;
  close(): Promise<void>;
}

/** Opens the network for the processor. Faults: `model.missing`, `model.altered`. */
export async function openRecogniser(
  modelsDir: string,
  threads: number,
  native = new Uninterrupted(),
): Promise<Recogniser> {
  const model = findModel('pp-ocrv4-recognition');
  if (model.characters !== characters) throw new Fault('model.altered', `${model.id} is made for other characters`);
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
  const tensorOf = ({ widthPx, heightPx: given, values }: Plane): Tensor => {
    if (given !== heightPx) throw new Fault('internal', 'a line does not fit the network');
    const input = new Float32Array(3 * values.length);
    for (let at = 0; at < values.length; at++) input[at] = (values[at]! - mean[0]) * scale;
    for (let channel = 1; channel < 3; channel++) input.copyWithin(channel * values.length, 0, values.length);
    return new Tensor('float32', input, [1, 3, heightPx, widthPx]);
  };
  return {
    read: async (lines) => {
      const tensors = lines.map(tensorOf);
      const runs = await native.during(() => settled(tensors.map(async (tensor) => session.run({ [name]: tensor }))));
      return runs.map((outputs) => {
        const [output] = Object.values(outputs);
        if (!(output?.data instanceof Float32Array)) throw new Fault('internal', 'the network gives no floats');
        return { steps: output.data.length / sightingWidth, values: output.data };
      });
    },
    close: () => session.release(),
  };
}

/** Waits for all, also where one fails: none may still run when the thread is said to be idle. */
async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
