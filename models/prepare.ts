import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '../main/contract/fault.ts';
import { keepCharacters } from './convert/keep-characters.ts';
import { readDlibNetwork } from './convert/dlib-network.ts';
import { convertDlibNetwork } from './convert/dlib-to-onnx.ts';
import { readTfjsGraph } from './convert/tfjs-graph.ts';
import { convertTfjsGraph } from './convert/tfjs-to-onnx.ts';
import { readTfliteGraph } from './convert/tflite-graph.ts';
import { convertTfliteGraph } from './convert/tflite-to-onnx.ts';
import { type Model, models, readModel, sha256 } from './manifest.ts';

/** Where converted models are kept; git ignores it. */
export const modelsDir = join(import.meta.dirname, 'onnx');

async function readSource(model: Model, file: string, expected: string): Promise<Uint8Array> {
  const bytes = await readPackaged(model.package, file).catch((error: unknown) => {
    throw new Fault('model.missing', `${model.package} ${model.packageVersion} is not installed`, { cause: error });
  });
  if (sha256(bytes) !== expected) throw new Fault('model.altered', `${model.package} ${file} is not the file pinned`);
  return bytes;
}

async function readPackaged(name: string, file: string): Promise<Uint8Array> {
  // Not by resolving `name/package.json`: a package may export nothing of the kind.
  const described = findPackageJSON(name, import.meta.url);
  if (described === undefined) throw new Error(`no package ${name}`);
  return readFile(join(dirname(described), file));
}

/** Converts a model from its verified sources; the same sources give the same bytes. Faults: `model.missing`, `model.altered`. */
export async function convertModel(model: Model): Promise<Uint8Array> {
  const [first, second] = await Promise.all(model.sources.map(({ file, sha256 }) => readSource(model, file, sha256)));
  if (!first) throw new Fault('model.missing', model.id);
  if (model.format === 'onnx') {
    if (!second || !model.characters) throw new Fault('model.missing', `${model.id} needs an alphabet and characters`);
    return keepCharacters(first, second, model.characters);
  }
  if (model.format === 'dlib') return convertDlibNetwork(model.id, readDlibNetwork(first), model.input.widthPx);
  if (model.format === 'tflite') return convertTfliteGraph(model.id, readTfliteGraph(first), 'embedding');
  if (!second || !model.outputs) throw new Fault('model.missing', `${model.id} needs weights and outputs`);
  return convertTfjsGraph(model.id, readTfjsGraph(first, second), model.outputs);
}

/** Converts what is absent or wrong in the directory, and says per model what was done. Faults: `model.missing`, `model.altered`. */
export async function prepareModels(directory: string, say: (line: string) => void): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const model of models) {
    const present = await readModel(model, directory).catch(() => null);
    if (present) {
      say(`${model.id} ${model.version}: present`);
      continue;
    }
    const bytes = await convertModel(model);
    const actual = sha256(bytes);
    if (actual !== model.converted.sha256) throw new Fault('model.altered', `${model.id} converts to ${actual}`);
    const path = join(directory, model.converted.file);
    await writeFile(`${path}.new`, bytes);
    await rename(`${path}.new`, path);
    say(`${model.id} ${model.version}: converted, ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
}

if (import.meta.main) {
  await prepareModels(modelsDir, console.log).catch((error: unknown) => {
    console.error(`models: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
