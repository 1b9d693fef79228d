import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ListField, putting, puttingTemplates, renamed, upTo } from './list-field.ts';

test('a list comes whole to a kiosk that has none, and as changes from then on', async () => {
  using field = await ListField.make();
  await field.publisher.publish(putting(...upTo(100)));
  assert.equal(await field.visit(), true);
  assert.equal(field.store.watchlist.current()?.version, 1);
  assert.equal(field.store.watchlist.current()?.count, 100);
  assert.equal(await field.visit(), false);
  field.asked.length = 0;
  await field.publisher.publish([{ put: renamed(7) }, { remove: 'A-9' }, ...putting(500)], false);
  assert.equal(await field.visit(), true);
  const { version, count } = field.store.watchlist.current()!;
  assert.deepEqual([version, count], [2, 100]);
  assert.deepEqual(
    [...field.store.watchlist.alerts()].filter(({ identities }) => identities[0]?.surname === 'RENAMED').length,
    1,
  );
  assert.ok(!field.held().includes('A-9') && field.held().includes('A-500'));
  assert.ok(!field.asked.some((name) => name.includes('whole')), 'no whole list was fetched again');
});

test('versions that were missed in between are taken up one after another; where one is gone, the whole list comes', async () => {
  using field = await ListField.make();
  await field.publisher.publish(putting(...upTo(100)));
  await field.visit();
  for (const number of [101, 102, 103]) await field.publisher.publish(putting(number), false);
  field.asked.length = 0;
  await field.visit();
  assert.equal(field.store.watchlist.current()?.version, 4);
  assert.equal(field.asked.filter((name) => name.includes('change')).length, 3);

  // Two days later what led from here is gone.
  field.nowMs += 49 * 3_600_000;
  field.publisher.rotate({});
  await field.publisher.publish(putting(104), false);
  await field.publisher.publish(putting(105), false);
  field.asked.length = 0;
  await field.visit();
  assert.equal(field.store.watchlist.current()?.version, 6);
  assert.equal(field.store.watchlist.current()?.count, 105);
});

test('a gap with no changes that lead over it brings the whole list', async () => {
  using field = await ListField.make();
  await field.publisher.publish(putting(...upTo(100)));
  await field.visit();
  for (const number of [101, 102]) await field.publisher.publish(putting(number), false);
  const draft = await field.publisher.draft(putting(103));
  const targets = Object.entries(draft.signed.targets).filter(([name]) => name.startsWith('whole'));
  field.publisher.put({ ...draft, signed: { ...draft.signed, targets: Object.fromEntries(targets) } });
  field.asked.length = 0;
  await field.visit();
  assert.equal(field.store.watchlist.current()?.version, 4);
  assert.equal(field.asked.filter((name) => name.includes('whole')).length, 1);
});

test('what was taken up and believed is there after a restart', async () => {
  using field = await ListField.make();
  await field.publisher.publish(putting(1, 2, 3));
  await field.visit();
  field.restart();
  assert.deepEqual(field.held(), [1, 'A-1', 'A-2', 'A-3']);
  field.asked.length = 0;
  assert.equal(await field.visit(), false);
  assert.deepEqual(field.asked, ['2.root.json', 'timestamp.json']);
});

test('a download goes on where it broke off, in the same visit and in the next', async () => {
  using field = await ListField.make();
  await field.publisher.publish(puttingTemplates(...upTo(400)));
  field.breaks = [2000, 1000];
  await field.visit();
  const offsets = field.asked.filter((name) => name.includes('whole')).map((name) => Number(name.split(' ').at(-1)));
  assert.deepEqual(offsets, [0, 2000, 3000]);
  assert.equal(field.store.watchlist.current()?.count, 400);

  await field.publisher.publish(puttingTemplates(...upTo(800).slice(400)));
  field.breaks = [5000, 0, 0, 0, 0];
  await assert.rejects(field.visit(), { code: 'uplink.offline' });
  assert.deepEqual(field.download.held(), { version: 2, bytes: 5000 });
  field.asked.length = 0;
  await field.visit();
  assert.ok(field.asked.some((name) => name.endsWith(' 5000')));
  assert.equal(field.store.watchlist.current()?.count, 800);
});

test('nothing that can be read of a list lies on the disk, whole or half', async () => {
  using field = await ListField.make();
  await field.publisher.publish(puttingTemplates(...upTo(800)));
  const [name, target] = Object.entries(field.publisher.folder.targets()!.signed.targets)[0]!;
  const plain = readFileSync(field.publisher.folder.target(name, target));
  const marker = Buffer.from('SURNAME 17');
  const pages = () => readdirSync(field.disk.directory).map((file) => readFileSync(join(field.disk.directory, file)));
  // Packed, and in the clear: the control.
  const piece = plain.subarray(8000, 8032);
  field.breaks = [300_000, 0, 0, 0, 0];
  await assert.rejects(field.visit(), { code: 'uplink.offline' });
  assert.equal(field.download.held()?.version, 1);
  assert.ok(plain.includes(piece) && !pages().some((bytes) => bytes.includes(piece)), 'the half of a download');
  await field.visit();
  assert.ok(!pages().some((bytes) => bytes.includes(piece) || bytes.includes(marker)));
  assert.equal(field.download.held(), undefined);
  assert.ok(!readdirSync(field.disk.directory).includes('download'));
});
