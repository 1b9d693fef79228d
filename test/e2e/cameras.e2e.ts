import { expect, type Page } from '@playwright/test';
import { begin, deviceOf, guardDecides, stageOf } from '../sim/demo/drive.ts';
import { type Gate } from '../sim/demo/launch.ts';
import { documentOf } from '../sim/demo/props.ts';
import { travellers } from '../sim/demo/travellers.ts';
import { gateTest } from './gate-fixture.ts';

const traveller = travellers.find(({ name }) => name === 'clear')!;

const test = gateTest({
  config: {
    devices: { fingerScanner: {}, documentReader: { serial: 'DR-0001' }, gate: { serial: 'GB-0001' }, faceCamera: {} },
    journey: {
      spansMs: { language: 120_000, document: 120_000, face: 120_000, referred: 3000 },
      cameraFaultMs: 3000,
    },
  },
});

/** What the technician's window says of the face's camera. */
const cameraRow = (page: Page) => deviceOf(page, 'Face camera');

async function walkToFace({ traveller: page, control }: Gate): Promise<void> {
  await begin(page, 'en');
  const { lines, portrait } = await documentOf(traveller);
  await control.call('place-document', { lines, portrait: Buffer.from(portrait).toString('base64') });
  await stageOf(page, 'face');
  await control.call('remove-document');
}

test('the gate is in service once its camera has shown that it gives true pictures', async ({ scene: { gate } }) => {
  await stageOf(gate.traveller, 'attract');
  await expect(cameraRow(gate.technician)).toContainText('Ready');
  await expect(cameraRow(gate.technician)).toContainText(/frames [1-9]/);
});

for (const [what, point, fault] of [
  ['whose lens is covered', 'cover', 'its lens may be covered'],
  ['whose picture stands still', 'stop', 'the same picture all the time'],
] as const) {
  test(`a camera ${what} refers the traveller, closes the gate, and opens it when it is well again`, async ({
    scene,
  }) => {
    const { gate, films } = scene;
    await stageOf(gate.traveller, 'attract');
    await (point === 'cover' ? films.cover() : films.stop(traveller.person));
    await walkToFace(gate);
    await expect(gate.traveller.getByText('The camera is not ready yet').first()).toBeVisible();
    await expect(cameraRow(gate.technician)).toContainText(fault);
    await stageOf(gate.traveller, 'referred');
    expect(await guardDecides(gate.guard, 'Second line')).toEqual(['device-fault']);
    await stageOf(gate.traveller, 'unavailable');
    await films.show(traveller.person);
    await stageOf(gate.traveller, 'attract');
    await expect(cameraRow(gate.technician)).toContainText('Ready');
  });
}

test('a camera that is pulled out between crossings closes the gate until it is plugged in again', async ({
  scene,
}) => {
  const { gate, films } = scene;
  await stageOf(gate.traveller, 'attract');
  await films.unplug();
  await stageOf(gate.traveller, 'unavailable');
  await expect(cameraRow(gate.technician)).toContainText('No camera is plugged in');
  await films.show(traveller.person);
  await stageOf(gate.traveller, 'attract');
});
