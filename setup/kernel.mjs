import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runQuietly } from './command.mjs';
import { makeInitrd } from './initrd.mjs';
import { Missing, say } from './say.mjs';

const cache = resolve('.cache/kernel');

/** Kernels that were fetched, each in a folder named after its release (`6.1.0-56-amd64`), the last one last. */
const here = () => (existsSync(cache) ? readdirSync(cache).filter((name) => /^\d/.test(name)) : []).toSorted(byNumbers);
const byNumbers = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/**
 * Sees to the kernel of the system tests: the one that Debian ships today, fetched by apt, which checks it, and only
 * unpacked. Where the net is away the one that was fetched last serves. Gives its release.
 */
export async function prepareKernel() {
  let [today] = packagesOfToday();
  if (!today || !here().includes(releaseOf(today))) {
    try {
      await fetchKernel();
      [today] = packagesOfToday();
    } catch (error) {
      if (here().length === 0 || !(error instanceof Missing)) throw error;
      say(`WARNING: ${error.message}`);
      say(`WARNING: Debian's present kernel could not be fetched; ${here().at(-1)} serves instead.`);
      today = undefined;
    }
  }
  const release = today ? releaseOf(today) : here().at(-1);
  await makeInitrd(join(cache, release), release);
  return release;
}

/** The kernel that was made ready last: its release, image and initial RAM disk. */
export function kernel() {
  const release = here().at(-1);
  return { release, image: join(cache, release, 'vmlinuz'), initrd: join(cache, release, 'initrd') };
}

const releaseOf = (name) => name.replace(/^linux-[a-z]+-/, '');

/** What linux-image-amd64 stands for by apt's lists: one package, or several where Debian parts image and modules. */
function packagesOfToday() {
  const { stdout } = spawnSync('apt-cache', ['depends', '--recurse', '--important', 'linux-image-amd64'], {
    encoding: 'utf8',
  });
  const named = (stdout ?? '').matchAll(/^ {2}Depends: (linux-(?:image|binary|modules)-\d\S*-amd64)$/gm);
  return [...new Set(Array.from(named, ([, name]) => name))];
}

async function fetchKernel() {
  if (process.getuid() === 0) await runQuietly('apt-get', ['update', '-q'], 'reading the package lists');
  const packages = packagesOfToday();
  if (packages.length === 0) throw new Missing('apt knows no linux-image-amd64; it may need: sudo apt-get update');
  const release = releaseOf(packages[0]);
  const folder = join(cache, 'fetching');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'packages'), { recursive: true });
  say(`fetching ${packages.join(' ')} (70 MB)`);
  const command = ['-q', '-o', 'APT::Sandbox::User=root', 'download', ...packages];
  await runQuietly('apt-get', command, 'fetching the kernel', { cwd: join(folder, 'packages') });
  rmSync(join(cache, release), { recursive: true, force: true });
  renameSync(folder, join(cache, release));
}
