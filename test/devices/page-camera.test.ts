import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CameraReport } from '../../main/contract/camera.ts';
import { CameraFault } from '../../main/contract/camera.ts';
import { DeviceView } from '../../main/contract/technician.ts';
import { CameraDocumentReader } from '../../main/devices/camera-document-reader.ts';
import { DeviceRoles } from '../../main/devices/device-roles.ts';
import { PageCamera } from '../../main/devices/page-camera.ts';
import { cameraReport } from '../sim/camera/report.ts';

const away = (fault: CameraFault, said: Partial<CameraReport> = {}) => cameraReport({ state: 'away', fault, ...said });

test('a camera is shown as a device: ready, busy, absent or at fault, with its figures', () => {
  const camera = new PageCamera('face', null);
  assert.deepEqual([camera.view().state, camera.view().fault, camera.selfTest().passed], ['absent', '', false]);
  const shown = (report: CameraReport) => {
    camera.set(report);
    const { state, fault } = DeviceView.parse(camera.view());
    assert.equal(camera.selfTest().passed, report.state !== 'away');
    return `${state} ${fault}`;
  };
  assert.equal(shown(cameraReport({ state: 'present', label: 'A long name '.repeat(10) })), 'ready ');
  assert.equal(shown(cameraReport()), 'busy ');
  const states = CameraFault.options.map((fault) => shown(away(fault)));
  assert.deepEqual(
    states.map((state) => state.split(' ')[0]),
    ['absent', 'absent', 'fault', 'fault', 'fault', 'fault', 'fault'],
  );
  assert.equal(camera.view().counters['frames'], 1);
});

test('a technician is told which camera is configured and which there are', () => {
  const camera = new PageCamera('face', { label: 'HD Pro', vendorId: 0x046d });
  const cameras = ['Integrated Camera (13d3:56a2)', 'Scanner'];
  camera.set(away('camera.unmatched', { cameras }));
  assert.deepEqual(DeviceView.parse(camera.view()).mismatch, { wanted: 'HD Pro (046d:*)', found: cameras });
});

test('a kiosk minds a missing camera only where one is configured', () => {
  const [any, one] = [new PageCamera('face', null), new PageCamera('face', {})];
  assert.deepEqual([any.ready, one.ready], [true, false]);
  for (const camera of [any, one]) camera.set(away('camera.frozen'));
  assert.deepEqual([any.ready, one.ready], [true, false]);
  one.set(cameraReport({ state: 'present' }));
  assert.equal(one.ready, true);
});

test('pictures of a document are taken one at a time, and only while a document is waited for', async () => {
  const camera = new PageCamera('document', { label: 'page' });
  const reader = new CameraDocumentReader(camera);
  const unwanted = Uint8Array.of(7);
  assert.equal(await reader.offer(unwanted), false);
  assert.deepEqual([...unwanted], [0]);
  const leave = new AbortController();
  let ready = false;
  const waiting = reader.ready(leave.signal).then(() => (ready = true));
  await new Promise(setImmediate);
  assert.equal(ready, false);
  camera.set(cameraReport({ role: 'document' }));
  await waiting;
  const pictures = reader.read({ signal: leave.signal });
  const first = pictures.next();
  const answered = reader.offer(Uint8Array.of(1));
  assert.deepEqual((await first).value, { type: 'view', bytes: Uint8Array.of(1) });
  assert.equal(await reader.offer(Uint8Array.of(2)), false);
  const second = pictures.next();
  assert.equal(await answered, true);
  const last = reader.offer(Uint8Array.of(3));
  await second;
  await pictures.return(undefined);
  assert.equal(await last, false);
  assert.deepEqual(reader.counters, { pictures: 2 });
});

test('a document camera that goes away ends the reading with a fault; so does cancelling', async () => {
  const camera = new PageCamera('document', { label: 'page' });
  const reader = new CameraDocumentReader(camera);
  camera.set(cameraReport({ role: 'document' }));
  const gone = reader.read({ signal: new AbortController().signal }).next();
  camera.set(cameraReport({ role: 'document', counters: { ...cameraReport().counters, frames: 9 } }));
  camera.set(away('camera.absent', { role: 'document' }));
  await assert.rejects(gone, { code: 'device.absent' });
  camera.set(cameraReport({ role: 'document' }));
  const leave = new AbortController();
  const left = reader.read({ signal: leave.signal }).next();
  leave.abort();
  await assert.rejects(left, { code: 'capture.cancelled' });
  await assert.rejects(reader.ready(leave.signal), { code: 'capture.cancelled' });
});

test('a configuration in which a document camera cannot work is refused with a line that says why', () => {
  const complaints = (roles: DeviceRoles) =>
    DeviceRoles.safeParse(roles).error?.issues.map(({ message }) => message) ?? [];
  assert.deepEqual(complaints({ faceCamera: {}, documentCamera: { label: 'page' } }), []);
  assert.match(complaints({ documentCamera: {} }).join(), /say which camera/);
  assert.match(complaints({ documentCamera: { label: 'a' }, documentReader: {} }).join(), /not both/);
  assert.match(complaints({ documentCamera: { label: 'a' }, faceCamera: { label: 'a' } }).join(), /one of its own/);
});
