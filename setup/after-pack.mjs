import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, standIn } from './electron.mjs';

/** Called by electron-builder on the packed folder: refuses a stand-in however it came there, and drops what is not ours. */
export default async function afterPack({ appOutDir }) {
  const programs = ['limen', 'electron'].map((name) => join(appOutDir, name)).filter((file) => existsSync(file));
  if (programs.length === 0) throw new Error(`there is no program in ${appOutDir}`);
  for (const program of programs)
    if ((await digestOf(program, 'sha256', 'hex')) === standIn.executableSha256)
      throw new Error('the development stand-in of Electron must not be packaged');
  await rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true });
}
