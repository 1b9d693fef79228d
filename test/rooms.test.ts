import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

/** Who may import whom. A room may always import itself; `contract` is open to all. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'main/contract': [],
  'main/journey': ['main/contract'],
  // Print is read by a network, whose file the manifest vouches for.
  'main/document': ['main/contract', 'main/image', 'main/uninterrupted', 'models'],
  'main/biometrics': ['main/contract', 'main/image', 'main/uninterrupted', 'native', 'models'],
  // Pictures are decoded for both.
  'main/image': ['main/contract'],
  // Threads with networks are ended with care.
  'main/uninterrupted': ['main/contract'],
  'main/devices': ['main/contract'],
  // What a log is, both ends have to agree on to the bit.
  'main/audit': ['main/contract'],
  // What a list is, kiosks and central have to agree on to the bit.
  'main/list-root': ['main/contract'],
  // What a published list is, too.
  'main/publication': ['main/contract', 'main/audit'],
  'main/store': ['main/contract', 'main/audit', 'main/list-root'],
  'main/watchlist': ['main/contract', 'main/document', 'main/biometrics', 'main/store'],
  'main/uplink': ['main/contract', 'main/list-root', 'main/publication', 'main/store'],
  'main/keeping': ['main/contract', 'main/store'],
  // It talks to central as the uplink does.
  'main/search': ['main/contract', 'main/uplink'],
  'main/diagnostics': ['main/contract', 'main/root'],
  'main/config': ['main/contract', 'main/devices'],
  'main/crossing': [
    'main/contract',
    'main/journey',
    'main/document',
    'main/biometrics',
    'main/devices',
    'main/store',
    'main/diagnostics',
    'main/search',
  ],
  'main/shell': ['main/config'],
  'main/root': [],
  'main/log': [],
  'main/memory': [],
  'main/kiosk': ['main/*'],
  'main/host': ['main/contract', 'main/config', 'main/kiosk', 'main/log', 'main/memory', 'main/store'],
  'main/core': ['main/config', 'main/devices', 'main/host'],
  // The office's key lies with the credentials.
  'main/limen': ['main/contract', 'main/audit', 'main/config', 'main/store', 'main/uplink'],
  'main/electron': ['main/config', 'main/limen', 'main/shell', 'main/root'],
  'main/preload': [],
  renderer: ['main/contract'],
  native: ['main/contract'],
  models: ['main/contract'],
  // The manifest says how often strangers' faces reach a score.
  central: ['main/contract', 'main/audit', 'main/list-root', 'main/publication', 'native', 'models'],
};

/** Packages that only some rooms may load. */
const packages: Readonly<Record<string, readonly string[]>> = {
  electron: ['main/shell', 'main/electron', 'main/preload'],
  'node-hid': ['main/devices'],
  serialport: ['main/devices'],
  usb: ['main/devices'],
  'better-sqlite3': ['main/store', 'central'],
  pg: ['central'],
  '@nats-io/jetstream': ['central'],
  '@nats-io/transport-node': ['central'],
  // Faces are recognised, and print is read, by networks.
  'onnxruntime-node': ['main/biometrics', 'main/document'],
  react: ['renderer'],
};

const sources = ['main', 'renderer', 'native', 'models', 'central']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(build|onnx|preview)\//.test(file));

const roomOf = (file: string) => {
  const [top = '', second = ''] = file.split('/');
  return top === 'main' ? `main/${second.replace(/\.ts$/, '')}` : top;
};

const importsOf = (file: string) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target]) => target!);
};

const allowed = (room: string, target: string) =>
  room === target ||
  (arrows[room] ?? []).some((open) => open === target || (open === 'main/*' && target.startsWith('main/')));

test('every room is in the table of arrows', () => {
  const unknown = new Set(sources.map(roomOf).filter((room) => !(room in arrows)));
  assert.deepEqual([...unknown], []);
});

test('rooms import only the rooms they may, and nothing imports test', () => {
  const wrong = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(root, resolve(root, dirname(file), target)))
      .filter((target) => !allowed(roomOf(file), roomOf(target)))
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('packages with native code or a host of their own are loaded only where they belong', () => {
  const wrong = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => target in packages && !packages[target]!.includes(roomOf(file)))
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('the contract and the journey are pure: no package but zod, no Node', () => {
  const wrong = sources
    .filter((file) => ['main/contract', 'main/journey'].includes(roomOf(file)))
    .flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith('.') && target !== 'zod')
        .map((target) => `${file} -> ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test('no circles among files of main', () => {
  const graph = new Map(
    sources.map((file) => [
      file,
      importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(root, resolve(root, dirname(file), target))),
    ]),
  );
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `a circle: ${[...path, file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
});
