import { expect } from '@playwright/test';
import { begin, deviceOf, stageOf } from '../sim/demo/drive.ts';
import { drawPage } from '../sim/document/page-set.ts';
import { writePageFilm } from '../sim/document/page-film.ts';
import { expectAccessible, gateTest } from './gate-fixture.ts';

const test = gateTest({
  // Chromium's second test camera gives depth, which the page is not meant for.
  patternCameras: 3,
  config: {
    devices: {
      fingerScanner: {},
      gate: { serial: 'GB-0001' },
      faceCamera: { label: 'fake_device_0' },
      documentCamera: { label: 'fake_device_2' },
    },
    journey: { spansMs: { language: 120_000, document: 120_000 } },
  },
});

test('two cameras have a role each; the one for documents is shown to the traveller and gives its pictures to the core', async ({
  scene: { gate },
}) => {
  const row = (name: string) => deviceOf(gate.technician, name);
  await stageOf(gate.traveller, 'attract');
  await expect(row('Face camera')).toContainText('fake_device_0');
  await expect(row('Document camera')).toContainText('fake_device_2');
  for (const name of ['Face camera', 'Document camera']) await expect(row(name)).toContainText('Ready');
  await begin(gate.traveller, 'ar');
  const video = gate.traveller.locator('video');
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.videoWidth)).toBeGreaterThan(0);
  await expect(row('Document camera')).toContainText('Busy');
  await expect(row('Face camera')).toContainText('Ready');
  await expectAccessible(gate.traveller, 'the document stage with a camera');
  const measures = () => gate.control.call<Record<string, { count: number }>>('measures');
  await expect.poll(async () => (await measures())['page']?.count ?? 0).toBeGreaterThan(1);
  expect((await measures())['frame']).toBeUndefined();
  await gate.traveller.locator('.leaving button').first().click();
  await stageOf(gate.traveller, 'attract');
  await expect(row('Document camera')).toContainText('Ready');
});

// The camera that plays the file is called after it.
const desk = gateTest({
  config: {
    devices: { fingerScanner: {}, gate: { serial: 'GB-0001' }, documentCamera: { label: 'camera.mjpeg' } },
    journey: { spansMs: { language: 120_000, document: 120_000, face: 120_000 } },
  },
});

desk('a document that lies before the camera is read off its pictures', async ({ scene: { gate, films } }) => {
  await stageOf(gate.traveller, 'attract');
  await writePageFilm(films.cameraFile, (await drawPage('fair', 2)).jpeg);
  await begin(gate.traveller, 'de');
  await stageOf(gate.traveller, 'face');
  await gate.traveller.locator('.leaving button').first().click();
  await stageOf(gate.traveller, 'attract');
});

const wrong = gateTest({
  patternCameras: 1,
  config: {
    devices: { fingerScanner: {}, documentReader: {}, gate: {}, faceCamera: { label: 'HD Pro', vendorId: 1133 } },
  },
});

wrong(
  'a camera that is not the one configured keeps the gate closed, and the technician is told which there are',
  async ({ scene: { gate } }) => {
    await stageOf(gate.traveller, 'unavailable');
    const row = deviceOf(gate.technician, 'Face camera');
    await expect(row).toContainText('Configured: HD Pro (046d:*). Plugged in: fake_device_0.');
  },
);
