import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runQuietly } from './command.mjs';

const stamp = '.cache/packages.sha256';

/** Installs the npm packages of package-lock.json, each checked against its integrity; no install script is run. */
export async function preparePackages() {
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(stamp) && existsSync('node_modules/.package-lock.json') && readFileSync(stamp, 'utf8') === wanted)
    return 'up to date';
  rmSync(stamp, { force: true });
  await runQuietly('npm', ['ci', '--ignore-scripts', '--no-progress', '--no-audit', '--no-fund'], 'npm ci');
  mkdirSync('.cache', { recursive: true });
  writeFileSync(stamp, wanted);
}
