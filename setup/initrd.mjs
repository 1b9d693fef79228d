import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './command.mjs';
import { Missing } from './say.mjs';

/** What the guest needs of Debian's modules; what these need in turn is looked up. */
const wanted = [
  // The machine's files.
  ['virtio_pci', '9pnet_virtio', '9p'],
  // HID devices of a program, over no bus and over USB; their keys, if they have any.
  ['uhid', 'hid_generic', 'usbhid', 'evdev'],
  // USB devices of a program, a serial one, and the host they are plugged into.
  ['dummy_hcd', 'usb_f_fs', 'usb_f_acm', 'cdc_acm'],
  // A camera that is a program.
  ['vivid'],
].flat();

/** Twenty USB sockets; one camera and nothing else of what vivid can be. */
const parameters = { dummy_hcd: 'num=20', vivid: 'n_devs=1 node_types=0x1' };

const sources = [resolve('test/system/init.sh'), fileURLToPath(import.meta.url)];

/** Makes `vmlinuz` and `initrd` out of a kernel's packages in `folder`; nothing to do when it was made of these sources. */
export async function makeInitrd(folder, release) {
  const digest = createHash('sha256');
  for (const file of sources) digest.update(readFileSync(file));
  const made = digest.digest('hex');
  const stamp = join(folder, 'sources.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return;
  const [tree, root] = [join(folder, 'tree'), join(folder, 'root')];
  for (const left of [stamp, tree, root]) rmSync(left, { recursive: true, force: true });
  for (const name of readdirSync(join(folder, 'packages')))
    await runQuietly('dpkg-deb', ['-x', join(folder, 'packages', name), tree], 'unpacking the kernel');
  copyFileSync(join(tree, 'boot', `vmlinuz-${release}`), join(folder, 'vmlinuz'));
  mkdirSync(join(root, 'modules'), { recursive: true });
  await copyModules(existsSync(join(tree, 'lib')) ? tree : join(tree, 'usr'), release, join(root, 'modules'));
  mkdirSync(join(root, 'bin'));
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  copyFileSync(sources[0], join(root, 'init'));
  const pack = 'chmod 755 init && find . | cpio -o -H newc --quiet | gzip -1 > ../initrd';
  await runQuietly('sh', ['-ec', pack], 'packing the initial RAM disk', { cwd: root });
  for (const left of [tree, root]) rmSync(left, { recursive: true });
  writeFileSync(stamp, made);
}

/** Copies the modules in the order in which they are loaded, and lists them with their parameters in `order`. */
async function copyModules(base, release, into) {
  await runQuietly('/sbin/depmod', ['-b', base, release], 'reading the modules');
  const folder = join(base, 'lib/modules', release);
  const text = (name) => readFileSync(join(folder, name), 'utf8');
  let order = '';
  for (const file of loadOrder(wanted, text('modules.dep'), text('modules.builtin'))) {
    const copy = join(into, basename(file));
    copyFileSync(join(folder, file), copy);
    if (file.endsWith('.xz')) await runQuietly('/bin/busybox', ['unxz', copy], 'unpacking a module');
    order += `${basename(file, '.xz')} ${parameters[nameOf(file)] ?? ''}\n`;
  }
  writeFileSync(join(into, 'order'), order);
}

const nameOf = (file) =>
  basename(file)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');

/**
 * The files of the named modules with all that they need ahead of them, by the kernel's own lists. What is built into
 * the kernel needs no file; a name that is in neither list fails.
 */
export function loadOrder(names, dependencies, builtin) {
  const needs = new Map();
  for (const line of dependencies.split('\n').filter(Boolean)) {
    const [file, deeper] = line.split(':');
    needs.set(nameOf(file), [...deeper.trim().split(' ').filter(Boolean).toReversed(), file]);
  }
  const within = new Set(builtin.split('\n').map(nameOf));
  const files = names.flatMap((name) => {
    if (needs.has(name)) return needs.get(name);
    if (within.has(name)) return [];
    throw new Missing(`Debian's kernel has no module ${name} any more`);
  });
  return [...new Set(files)];
}
