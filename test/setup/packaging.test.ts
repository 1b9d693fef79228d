import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import afterPack from '../../setup/after-pack.mjs';
import { standIn } from '../../setup/electron.mjs';
import { needs } from '../../setup/prepare.mjs';

async function packed(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'limen packed '));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'resources'));
  await writeFile(join(folder, 'resources', 'default_app.asar'), 'default');
  return folder;
}

const standInProgram = join(standIn.folder, 'electron');
const skip = (await stat(standInProgram).catch(() => undefined)) ? false : 'the stand-in is not on this machine';

for (const name of ['limen', 'electron'])
  test(`a packed folder that holds the stand-in as ${name} is refused`, { skip }, async (t) => {
    const folder = await packed(t);
    await copyFile(standInProgram, join(folder, name));
    await assert.rejects(afterPack({ appOutDir: folder }), /stand-in/);
  });

test('another Electron is kept, and its own default program is dropped', async (t) => {
  const folder = await packed(t);
  await writeFile(join(folder, 'limen'), 'another program');
  await afterPack({ appOutDir: folder });
  await assert.rejects(stat(join(folder, 'resources', 'default_app.asar')), { code: 'ENOENT' });
});

test('a packed folder without a program is refused', async (t) => {
  const folder = await packed(t);
  await assert.rejects(afterPack({ appOutDir: folder }), /no program/);
});

test('only the commands that open windows have Electron prepared', () => {
  const windows = Object.keys(needs).filter((command) => needs[command]?.includes('electron'));
  assert.deepEqual(windows.toSorted(), ['demo', 'package', 'setup', 'test']);
});
