import { InferenceSession, Tensor } from 'onnxruntime-node';
import { findModel, type Model, readModel } from '../../../models/manifest.ts';
import { Fault } from '../../contract/fault.ts';
import type { RgbImage } from '../../contract/image.ts';
import { Uninterrupted } from '../../uninterrupted.ts';

/** A model ready to run. */
export interface Network {
  readonly model: Model;
  /** Runs images of the model's input size and gives each output's values, all images' after one another. */
  run(images: readonly RgbImage[]): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** Opens a model of the manifest for the processor. Faults: `model.missing`, `model.altered`. */
export async function openNetwork(
  id: string,
  modelsDir: string,
  threads: number,
  native = new Uninterrupted(),
): Promise<Network> {
  const model = findModel(id);
  const bytes = await readModel(model, modelsDir);
  const session = await native.during(() =>
    InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    }),
  );
  const { name, widthPx, heightPx } = model.input;
  return {
    model,
    run: async (images) => {
      const tensor = new Tensor('float32', fill(model.input, images), [images.length, 3, heightPx, widthPx]);
      const outputs = await native.during(() => session.run({ [name]: tensor }));
      return Object.fromEntries(
        Object.entries(outputs).map(([output, { data }]) => {
          if (!(data instanceof Float32Array)) throw new Fault('internal', `${id} gives no floats`);
          return [output, data];
        }),
      );
    },
    close: () => session.release(),
  };
}

function fill({ widthPx, heightPx, mean, scale }: Model['input'], images: readonly RgbImage[]): Float32Array {
  const plane = widthPx * heightPx;
  const values = new Float32Array(images.length * 3 * plane);
  let base = 0;
  for (const { pixels } of images) {
    if (pixels.length !== plane * 3) throw new Fault('internal', 'image does not fit the model');
    for (let channel = 0; channel < 3; channel++, base += plane) {
      const offset = mean[channel] ?? 0;
      for (let index = 0; index < plane; index++) {
        values[base + index] = ((pixels[index * 3 + channel] ?? 0) - offset) * scale;
      }
    }
  }
  return values;
}
