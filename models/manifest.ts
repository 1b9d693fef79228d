import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Fault } from '../main/contract/fault.ts';
import manifestJson from './manifest.json' with { type: 'json' };

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const FileName = z.string().regex(/^[\w-]+(\.[\w-]+)*$/);
const perChannel = z.tuple([z.number(), z.number(), z.number()]);

/** A model: where it comes from, on what terms, what its input looks like, and thresholds with the data they were set on. */
export const Model = z.strictObject({
  id: z.string().min(1).max(64),
  /** Goes up with every change of what the model gives: its weights, its input or its alignment. */
  version: z.string().min(1).max(16),
  purpose: z.string(),
  package: z.string(),
  packageVersion: z.string(),
  format: z.enum(['tfjs', 'tflite', 'dlib', 'onnx']),
  sources: z.array(z.strictObject({ file: z.string(), sha256: Sha256 })).min(1),
  converted: z.strictObject({ file: FileName, sha256: Sha256 }),
  /** Names the outputs of a TensorFlow.js graph. */
  outputs: z.record(z.string(), z.string()).optional(),
  /** The characters that are kept of a network for print, in the order of its classes; "nothing" comes first. */
  characters: z.string().min(1).optional(),
  licence: z.string(),
  trainingData: z.string(),
  /** Channels first, one plane each: (value - mean) * scale for values of 0 to 255. */
  input: z.strictObject({
    name: z.string(),
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    layout: z.literal('NCHW'),
    channels: z.literal('RGB'),
    mean: perChannel,
    scale: z.number().positive(),
  }),
  /** Of a face template: how many values it has. */
  templateValues: z.int().min(1).max(2048).optional(),
  thresholds: z.record(z.string(), z.strictObject({ value: z.number(), from: z.string().min(1) })),
  /** How often different people score at least so high: scores ascending with their rates. */
  calibration: z
    .strictObject({
      points: z.array(z.tuple([z.number(), z.number().positive().max(1)])).min(2),
      from: z.string().min(1),
    })
    .optional(),
});
export type Model = z.infer<typeof Model>;

/** The manifest is part of the program, so a model on disk is only ever trusted for having the hash written here. */
export const models: readonly Model[] = z.strictObject({ models: z.array(Model) }).parse(manifestJson).models;

/** The model of this id. Fault: `model.missing`. */
export function findModel(id: string): Model {
  const model = models.find((candidate) => candidate.id === id);
  if (!model) throw new Fault('model.missing', id);
  return model;
}

/** A model's threshold by name. Fault: `model.missing`. */
export function thresholdOf(model: Model, name: string): number {
  const threshold = model.thresholds[name];
  if (!threshold) throw new Fault('model.missing', `${model.id} has no threshold ${name}`);
  return threshold.value;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes of a converted model, verified. Faults: `model.missing`, `model.altered`. */
export async function readModel(model: Model, directory: string): Promise<Uint8Array> {
  const bytes = await readFile(join(directory, model.converted.file)).catch((error: unknown) => {
    throw new Fault('model.missing', model.id, { cause: error });
  });
  if (sha256(bytes) !== model.converted.sha256) throw new Fault('model.altered', model.id);
  return bytes;
}
