import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Network, openNetwork } from '../../main/biometrics/face/network.ts';
import type { RgbImage } from '../../main/contract/image.ts';
import { readDlibNetwork } from '../../models/convert/dlib-network.ts';
import { readTfliteGraph } from '../../models/convert/tflite-graph.ts';
import { readTfjsGraph } from '../../models/convert/tfjs-graph.ts';
import { findModel, type Model, models, sha256 } from '../../models/manifest.ts';
import { convertModel, modelsDir, prepareModels } from '../../models/prepare.ts';
import { people, photograph } from '../sim/face/people.ts';
import { fitSimilarity, warp } from '../../main/biometrics/face/raster.ts';
import { runDlibNetwork, runTfjsGraph, runTfliteGraph, type Volume } from './reference-network.ts';

await prepareModels(modelsDir, () => {});
const require = createRequire(import.meta.url);

async function readSources(model: Model): Promise<Uint8Array[]> {
  const directory = dirname(require.resolve(`${model.package}/package.json`));
  return Promise.all(model.sources.map(({ file }) => readFile(join(directory, file))));
}

/** A face in a picture of the model's size, eyes a quarter of it apart. */
async function face({ input: { widthPx, heightPx } }: Model): Promise<RgbImage> {
  const eyes = [0.375, 0.625].map((x) => ({ x: x * widthPx, y: 0.4 * heightPx }));
  return warp(await photograph(people.mateo), fitSimilarity(eyes, people.mateo.eyes), widthPx, heightPx);
}

/** The picture as the network takes it, channels last. */
function volume({ input: { mean, scale } }: Model, { widthPx, heightPx, pixels }: RgbImage): Volume {
  const values = Float32Array.from(pixels, (value, index) => (value - mean[index % 3]!) * scale);
  return { rows: heightPx, columns: widthPx, channels: 3, values };
}

async function runConverted(model: Model, image: RgbImage): ReturnType<Network['run']> {
  const network = await openNetwork(model.id, modelsDir, 1);
  const outputs = await network.run([image]);
  await network.close();
  return outputs;
}

function assertClose(actual: Float32Array | undefined, expected: Float32Array): void {
  assert.ok(actual);
  assert.equal(actual.length, expected.length);
  const size = Math.max(...expected.map(Math.abs));
  const apart = Math.max(...expected.map((value, index) => Math.abs(value - actual[index]!)));
  assert.ok(apart <= size * 1e-4, `${apart} apart of ${size}`);
  const dot = (one: Float32Array, other: Float32Array) =>
    one.reduce((sum, value, index) => sum + value * other[index]!, 0);
  const cosine = dot(actual, expected) / Math.sqrt(dot(actual, actual) * dot(expected, expected));
  assert.ok(cosine >= 0.9999, `cosine ${cosine}`);
}

for (const model of models) {
  test(`${model.id} converts to the bytes that are pinned`, async () => {
    assert.equal(sha256(await convertModel(model)), model.converted.sha256);
  });
}

for (const id of ['blazeface-back', 'facemesh', 'iris']) {
  test(`${id} gives what its source gives, computed in plain loops`, async () => {
    const model = findModel(id);
    const [json, weights] = await readSources(model);
    const graph = readTfjsGraph(json!, weights!);
    const image = await face(model);
    const outputs = await runConverted(model, image);
    const expected = runTfjsGraph(graph, volume(model, image));
    for (const [name, reference] of Object.entries(model.outputs ?? {})) {
      assertClose(outputs[name], expected(reference));
    }
  });
}

test('dlib’s embedding is what its source gives, computed in plain loops', async () => {
  const model = findModel('dlib-face-recognition-resnet');
  const [bytes] = await readSources(model);
  const image = await face(model);
  const { embedding } = await runConverted(model, image);
  assertClose(embedding, runDlibNetwork(readDlibNetwork(bytes!), volume(model, image), [3, -1, 3, -1, 2, -1, 2, -1]));
});

test('MobileFaceNet’s embedding is what its source gives, computed in plain loops', async () => {
  const model = findModel('mobilefacenet');
  const [bytes] = await readSources(model);
  const image = await face(model);
  const { embedding } = await runConverted(model, image);
  assertClose(embedding, runTfliteGraph(readTfliteGraph(bytes!), volume(model, image)));
});
