import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCamera, fitsMatch, usbIdsOf } from '../../renderer/traveller/camera/choosing.ts';

const webcam = { deviceId: 'a', label: 'HD Pro Webcam C920 (046d:082d)' };
const page = { deviceId: 'b', label: 'Page Camera (0bda:5830)' };
const plain = { deviceId: 'c', label: 'Built-in' };

test('USB ids are read off the end of a name', () => {
  assert.deepEqual(usbIdsOf(webcam.label), { vendorId: 0x046d, productId: 0x082d });
  for (const label of ['Built-in', 'Cam (46d:082d)', '(046d:082d) Cam', 'Cam (zzzz:082d)']) {
    assert.equal(usbIdsOf(label), undefined, label);
  }
});

test('all that is asked for must fit', () => {
  assert.equal(fitsMatch({}, plain.label), true);
  assert.equal(fitsMatch({ label: 'hd pro' }, webcam.label), true);
  assert.equal(fitsMatch({ label: 'hd pro', vendorId: 0x0bda }, webcam.label), false);
  assert.equal(fitsMatch({ vendorId: 0x046d, productId: 0x082d }, webcam.label), true);
  assert.equal(fitsMatch({ vendorId: 0x046d }, plain.label), false);
});

test('each role gets a camera of its own, whatever the order they are plugged in', () => {
  const cameras = { face: null, document: { vendorId: 0x0bda } };
  for (const present of [
    [webcam, page],
    [page, webcam],
  ]) {
    assert.equal(chooseCamera('face', cameras, present), webcam);
    assert.equal(chooseCamera('document', cameras, present), page);
  }
  assert.equal(chooseCamera('face', cameras, [page]), 'camera.unmatched');
});

test('why there is no camera is told apart', () => {
  const cameras = { face: { label: 'C920' }, document: { label: 'page' } };
  assert.equal(chooseCamera('face', cameras, []), 'camera.absent');
  assert.equal(chooseCamera('face', cameras, [plain, page]), 'camera.unmatched');
  assert.equal(chooseCamera('document', cameras, [webcam]), 'camera.unmatched');
});
