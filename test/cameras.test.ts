import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { DeviceRoles } from '../main/devices/device-roles.ts';
import { openGate } from './kiosk.ts';
import { cameraReport } from './sim/camera/report.ts';
import { drawPage } from './sim/document/page-set.ts';

const scannerAndGate: DeviceRoles = { fingerScanner: {}, gate: { serial: 'GB-0001' } };
const withFaceCamera: DeviceRoles = { ...scannerAndGate, documentReader: { serial: 'DR-0001' }, faceCamera: {} };
const table = await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#8a8175' } })
  .jpeg()
  .toBuffer();

test('a gate whose face camera is configured is in service only while the camera is there', async () => {
  const gate = await openGate({}, { roles: withFaceCamera });
  await gate.at('unavailable');
  await gate.screen.camera(cameraReport({ state: 'present' }));
  await gate.at('attract');
  await gate.screen.camera(cameraReport({ state: 'away', fault: 'camera.black' }));
  await gate.at('unavailable');
  await gate.screen.camera(cameraReport());
  await gate.at('attract');
  await gate.close();
});

test('a face camera that is frozen for too long refers the traveller with its fault', async () => {
  const gate = await openGate({ cameraFaultMs: 50 }, { roles: withFaceCamera });
  await gate.screen.camera(cameraReport({ state: 'present' }));
  await gate.walkTo('face');
  await gate.screen.camera(cameraReport({ state: 'away', fault: 'camera.frozen' }));
  const waiting = await gate.at('face', 'referred');
  assert.ok(waiting.stage !== 'face' || waiting.hint === 'wait');
  await gate.at('referred');
  await gate.waitForCases(1);
  assert.deepEqual(gate.cases()[0]?.reasons, [{ code: 'device-fault', detail: 'camera.frozen' }]);
  await gate.close();
});

test('a document camera reads the document off its pictures, whatever else it sees before', async () => {
  const gate = await openGate({}, { roles: { ...scannerAndGate, documentCamera: { label: 'page' } } });
  const report = cameraReport({ role: 'document', state: 'present', label: 'page camera' });
  await gate.screen.camera(report);
  await gate.walkTo('document');
  const show = async (bytes: Uint8Array) => (await gate.screen.page({ bytes: new Uint8Array(bytes) })).wanted;
  assert.equal(await show(table), true);
  const empty = await gate.at('document');
  assert.ok(empty.stage === 'document' && empty.hint === 'place' && empty.attempt === 1);
  // What is no picture is one that cannot be read.
  assert.equal(await show(table.subarray(0, 99)), true);
  const { jpeg } = await drawPage('fair', 2);
  assert.equal(await show(jpeg), false);
  await gate.at('face', 'referred');
  assert.equal(await show(jpeg), false);
  await gate.close();
});

test('a document that stays unreadable before a camera costs an attempt, not every picture of it', async () => {
  const gate = await openGate(
    { documentAttempts: 2 },
    { roles: { ...scannerAndGate, documentCamera: { label: 'page' } } },
  );
  await gate.screen.camera(cameraReport({ role: 'document', state: 'running' }));
  await gate.walkTo('document');
  const { jpeg } = await drawPage('fair', 2);
  const attempts: number[] = [];
  for (let pictures = 0; pictures < 24; pictures++) {
    const view = await gate.at('document', 'referred');
    if (view.stage === 'document') attempts.push(view.attempt);
    await gate.screen.page({ bytes: new Uint8Array(jpeg.subarray(0, 200)) });
  }
  await gate.at('referred');
  assert.deepEqual([attempts.filter((attempt) => attempt === 1).length >= 12, new Set(attempts).size], [true, 2]);
  await gate.close();
});
