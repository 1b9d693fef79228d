import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findPackageJSON } from 'node:module';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { keepCharacters } from '../../models/convert/keep-characters.ts';
import { readFields } from '../../models/convert/protobuf-reader.ts';
import { findModel } from '../../models/manifest.ts';
import { convertModel } from '../../models/prepare.ts';
import { stream } from '../sim/finger/random.ts';

const model = findModel('pp-ocrv4-recognition');
const directory = dirname(findPackageJSON(model.package, import.meta.url) ?? '');
const [whole, alphabet] = (await Promise.all(model.sources.map(({ file }) => readFile(join(directory, file))))) as [
  Buffer,
  Buffer,
];
const keys = alphabet.toString().split('\n');
const characters = model.characters!;
const kept = [0, ...Array.from(characters, (character) => keys.indexOf(character) + 1)];

async function run(network: Uint8Array, line: Tensor): Promise<{ values: Float32Array; steps: number }> {
  const session = await InferenceSession.create(network, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const [output] = Object.values(await session.run({ x: line }));
  await session.release();
  assert.ok(output?.data instanceof Float32Array);
  return { values: output.data, steps: output.dims[1]! };
}

test('the network that was cut sees of the characters kept what the whole one sees, and nothing else', async () => {
  const random = stream(3, 4);
  const widthPx = 320;
  // Bars of print make it see many characters.
  const values = Float32Array.from({ length: 3 * 48 * widthPx }, (_, at) =>
    Math.floor((at % widthPx) / 5) % 3 === 0 || random() < 0.1 ? -1 : 1,
  );
  const line = new Tensor('float32', values, [1, 3, 48, widthPx]);
  const [all, cut] = [await run(whole, line), await run(await convertModel(model), line)];
  assert.equal(cut.steps, all.steps);
  assert.equal(cut.values.length, cut.steps * kept.length);
  const classes = all.values.length / all.steps;
  let spread = 0;
  for (let step = 0; step < all.steps; step++) {
    const expected = kept.map((place) => all.values[step * classes + place]!);
    const sum = expected.reduce((total, value) => total + value, 0);
    for (const [index, value] of expected.entries()) {
      const given = cut.values[step * kept.length + index]!;
      // Differences of logits: a softmax knows nothing else. Below 1e-30 floats run out of digits.
      if (value / sum < 1e-30) continue;
      assert.ok(Math.abs(Math.log(given) - Math.log(value / sum)) < 1e-3, `step ${step}, class ${index}`);
      spread = Math.max(spread, Math.abs(Math.log(given) - Math.log(cut.values[step * kept.length]!)));
    }
  }
  assert.ok(spread > 5, 'what was compared says nothing');
});

test('the weights of the characters kept are those of the whole network, bit by bit', async () => {
  const [before, after] = [columnsOf(whole), columnsOf(await convertModel(model))];
  assert.deepEqual(
    after.map(({ columns }) => columns),
    [kept.length, kept.length],
  );
  for (const [index, { columns, values }] of after.entries()) {
    const source = before[index]!;
    for (const [at, value] of values.entries()) {
      const row = Math.floor(at / columns);
      assert.equal(value, source.values[row * source.columns + kept[at % columns]!]);
    }
  }
});

/** The tensors of the last layer, bias and weights, in the order in which they stand. */
function columnsOf(network: Uint8Array): { columns: number; values: Uint32Array }[] {
  const part = (bytes: Uint8Array, number: number) =>
    readFields(bytes).flatMap(({ field, value }) => (field === number && typeof value !== 'bigint' ? [value] : []));
  const number = (bytes: Uint8Array) => readFields(bytes).findLast(({ field }) => field === 1)?.value;
  return part(part(network, 7)[0]!, 1)
    .flatMap((node) => part(node, 5))
    .flatMap((attribute) => part(attribute, 5))
    .filter((tensor) => String(Buffer.from(part(tensor, 8)[0] ?? [])).startsWith('linear_85.'))
    .map((tensor) => {
      const raw = Uint8Array.from(part(tensor, 9)[0]!);
      return { columns: Number(number(tensor)), values: new Uint32Array(raw.buffer) };
    });
}

test('another network, another alphabet and unknown characters are refused', () => {
  const fault = { code: 'model.altered' };
  assert.throws(() => keepCharacters(whole, alphabet, '0☂'), fault);
  assert.throws(() => keepCharacters(whole, Buffer.from('A\nB'), 'AB'), fault);
  assert.throws(() => keepCharacters(whole.subarray(0, 5000), alphabet, characters), fault);
  assert.throws(() => keepCharacters(Buffer.from([0x3a, 0xff]), alphabet, characters), fault);
});
