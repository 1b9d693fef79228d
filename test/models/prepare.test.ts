import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findModel, models, readModel, thresholdOf } from '../../models/manifest.ts';
import { convertModel, prepareModels } from '../../models/prepare.ts';

const directory = await mkdtemp(join(tmpdir(), 'limen-models-'));
after(() => rm(directory, { recursive: true }));
const [smallest] = models;
assert.ok(smallest);

async function prepare(): Promise<string[]> {
  const said: string[] = [];
  await prepareModels(directory, (line) => said.push(line.replace(/,.*/, '')));
  return said;
}

function each(word: string): string[] {
  return models.map(({ id, version }) => `${id} ${version}: ${word}`);
}

test('models are converted once, and again only when their file is wrong', async () => {
  assert.deepEqual(await prepare(), each('converted'));
  assert.deepEqual(await prepare(), each('present'));
  await appendFile(join(directory, smallest.converted.file), 'x');
  await assert.rejects(readModel(smallest, directory), { code: 'model.altered' });
  assert.deepEqual(await prepare(), [`${smallest.id} ${smallest.version}: converted`, ...each('present').slice(1)]);
});

test('a source that is not the one pinned is never converted', async () => {
  const sources = smallest.sources.map((source) => ({ ...source, sha256: '0'.repeat(64) }));
  await assert.rejects(convertModel({ ...smallest, sources }), { code: 'model.altered' });
  await assert.rejects(convertModel({ ...smallest, package: 'not-installed' }), { code: 'model.missing' });
});

test('a model or threshold that the manifest does not know is missing', () => {
  assert.throws(() => findModel('unknown'), { code: 'model.missing' });
  assert.throws(() => thresholdOf(smallest, 'unknown'), { code: 'model.missing' });
});

test('every model says its licence, its training data, and where its thresholds come from', () => {
  for (const { licence, trainingData, thresholds } of models) {
    const told = [licence, trainingData, ...Object.values(thresholds).map(({ from }) => from)];
    assert.ok(told.length >= 3 && told.every((text) => text.length > 10 && !text.includes('TODO')));
  }
});
