import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runQuietly } from './command.mjs';

const stamp = '.cache/packages.sha256';

/**
 * Installs the npm packages of package-lock.json, each checked against its integrity; no install script is run. Not by
 * `npm ci`: it refuses a lock without the optional packages of other platforms, and not every registry holds those.
 */
export async function preparePackages() {
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(stamp) && existsSync('node_modules/.package-lock.json') && readFileSync(stamp, 'utf8') === wanted)
    return 'up to date';
  rmSync(stamp, { force: true });
  rmSync('node_modules', { recursive: true, force: true });
  const flags = ['--no-save', '--ignore-scripts', '--no-progress', '--no-audit', '--no-fund'];
  await runQuietly('npm', ['install', ...flags], 'npm install');
  mkdirSync('.cache', { recursive: true });
  writeFileSync(stamp, wanted);
}
