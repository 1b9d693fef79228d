import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, standIn } from './electron.mjs';

/** Called by electron-builder on the packed folder: refuses a stand-in however it came there, and drops what is not ours. */
export default async function afterPack({ appOutDir }) {
  for (const name of ['limen', 'electron']) {
    const digest = await digestOf(join(appOutDir, name), 'sha256', 'hex').catch(() => undefined);
    if (digest === standIn.executableSha256)
      throw new Error('the development stand-in of Electron must not be packaged');
  }
  await rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true });
}
