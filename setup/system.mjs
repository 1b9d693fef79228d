import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runQuietly } from './command.mjs';
import { Missing, say } from './say.mjs';

/** Debian's packages that building the addon and drawing documents needs. */
const tools = ['g++', 'make', 'cmake', 'fontconfig', 'fonts-ocr-b'];

/** And those that fuzzing it needs besides. */
const fuzzing = [...tools, 'clang', 'libclang-rt-dev'];

/** And those that running the windows and testing them need besides. */
const packages = [
  ...tools,
  'xvfb',
  'xauth',
  'libnss3',
  'libatk-bridge2.0-0',
  'libgtk-3-0',
  'libgbm1',
  'libasound2',
  'udev',
  'libudev1',
  'libusb-1.0-0',
  'umockdev',
  'gir1.2-umockdev-1.0',
  'python3-gi',
  'swtpm',
  'tpm2-tools',
  'libtss2-tcti-swtpm0',
  'systemd',
];

/** And those that the system tests need: an emulated machine, its first programs, and libraries of the drivers. */
const machine = ['qemu-system-x86', 'busybox-static', 'cpio', 'kmod', 'v4l-utils', 'udev', 'libudev1', 'libusb-1.0-0'];

/** And the servers that central can work with, to test it with them. */
const servers = ['postgresql', 'nats-server'];

const installed = (name) => {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.startsWith('installed');
};

/** Sees to the system libraries: installs them as root, otherwise says the one line that does. */
export function prepareSystem() {
  return install(packages);
}

/** Sees to the build tools alone. */
export function prepareTools() {
  return install(tools);
}

/** Sees to the build tools and to the compiler that fuzzing needs. */
export function prepareFuzzing() {
  return install(fuzzing);
}

/** Sees to the machine of the system tests. */
export function prepareMachine() {
  return install(machine);
}

/**
 * Sees to the servers of central's tests. Without them those tests are left out, and say so; where nobody looks on, that is a
 * failure.
 */
export async function prepareServers() {
  if (process.getuid() === 0 || process.env.CI || !existsSync('/usr/bin/dpkg-query')) return install(servers);
  const missing = servers.filter((name) => !installed(name));
  if (missing.length === 0) return 'all there';
  say(`LEFT OUT: central's tests with ${missing.join(' and ')} (sudo apt-get install -y ${missing.join(' ')})`);
  return 'left out';
}

async function install(packages) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Missing(`Limen is built for Linux on x64; this is ${process.platform} on ${process.arch}`);
  if (!existsSync('/usr/bin/dpkg-query')) {
    say(`not a Debian system: make sure that it has the like of ${packages.join(' ')}`);
    return 'left to you';
  }
  const missing = packages.filter((name) => !installed(name));
  if (missing.length === 0) return 'all there';
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0)
    throw new Missing(`these system packages are missing; install them with:\n  sudo ${line}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update', '-q'], 'reading the package lists', { env });
  await runQuietly('apt-get', line.split(' ').slice(1), 'installing system packages', { env });
  return `installed ${missing.join(' ')}`;
}
