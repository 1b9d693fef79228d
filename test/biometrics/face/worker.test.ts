import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { openFaceEngine } from '../../../main/biometrics/face/face-engine.ts';
import { linkFaceWorker } from '../../../main/biometrics/face/face-worker-link.ts';
import { findModel } from '../../../models/manifest.ts';
import { modelsDir, prepareModels } from '../../../models/prepare.ts';
import { documentPortrait } from '../../sim/face/document-portrait.ts';
import { people } from '../../sim/face/people.ts';

await prepareModels(modelsDir, () => {});
const directory = await mkdtemp(join(tmpdir(), 'limen-models-'));
after(() => rm(directory, { recursive: true }));
const embedder = join(directory, findModel('dlib-face-recognition-resnet').converted.file);

test('the engine refuses to open with a model absent', async () => {
  await assert.rejects(openFaceEngine({ modelsDir: directory }), { code: 'model.missing' });
});

test('the engine refuses to open with one bit of a model flipped', async () => {
  await cp(modelsDir, directory, { recursive: true });
  const bytes = await readFile(embedder);
  bytes[12_345_678] = (bytes[12_345_678] ?? 0) ^ 1;
  await writeFile(embedder, bytes);
  await assert.rejects(openFaceEngine({ modelsDir: directory }), { code: 'model.altered' });
});

/** A link whose first worker runs the given code and whose next ones answer every task with its kind. */
function linkAfter(code: string, taskTimeoutMs: number) {
  const answering = `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, task }) => parentPort.postMessage({ id, value: task.kind }));`;
  const codes = [code, answering];
  const start = () => {
    const worker = new Worker(codes.shift() ?? answering, { eval: true });
    return { worker, end: () => worker.terminate() };
  };
  return linkFaceWorker(start, taskTimeoutMs);
}

const deaths = {
  'throws an error': `require('node:worker_threads').parentPort.on('message', () => { throw new Error('defect'); });`,
  'leaves the process': `require('node:worker_threads').parentPort.on('message', () => process.exit(3));`,
  'ends before it is asked': '',
};
for (const [how, code] of Object.entries(deaths)) {
  test(`a worker that ${how} rejects what it was asked, and the next task finds a new one`, async () => {
    const link = linkAfter(code, 60_000);
    const asked = [link.ask({ kind: 'open' }), link.ask({ kind: 'open' })];
    for (const open of asked) await assert.rejects(open, { code: 'internal' });
    assert.equal(await link.ask({ kind: 'open' }), 'open');
    await link.close();
  });
}

test('a worker that hangs is ended together with what it was asked', async () => {
  const link = linkAfter('for (;;);', 1);
  await assert.rejects(link.ask({ kind: 'open' }), { code: 'device.timeout' });
  await link.close();
});

test('a closed engine answers no more', async () => {
  const engine = await openFaceEngine({ modelsDir });
  const bytes = await documentPortrait(people.luca, 1);
  const open = engine.readPortrait(bytes);
  await Promise.all([engine.close(), assert.rejects(open, { code: 'capture.cancelled' })]);
  await assert.rejects(engine.readPortrait(bytes), { code: 'capture.cancelled' });
});

test('an engine that is closed in the middle of any work of its networks ends alone, and not the process with it', async () => {
  const bytes = await documentPortrait(people.luca, 1);
  for (let delayMs = 0; delayMs < 240; delayMs += 20) {
    const engine = await openFaceEngine({ modelsDir });
    const readings = Promise.allSettled([engine.readPortrait(bytes), engine.readPortrait(bytes)]);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await engine.close();
    for (const reading of await readings)
      if (reading.status === 'rejected') assert.equal(reading.reason.code, 'capture.cancelled');
  }
});
