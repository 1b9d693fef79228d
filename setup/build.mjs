/** Builds the program: the processes with rolldown, the pages with Vite. Runs on Node 24. */
import { copyFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { build } from 'vite';

/** Loaded from node_modules at run time, because they carry native code or find their own files. */
const external = [
  /^node:/,
  'electron',
  'better-sqlite3',
  'node-hid',
  'onnxruntime-node',
  'serialport',
  'usb',
  /^@serialport\//,
];

const bundle = async (folder, input, format) => {
  const made = await rolldown({ input, external, platform: 'node', tsconfig: 'tsconfig.json', logLevel: 'warn' });
  const suffix = format === 'cjs' ? 'cjs' : 'js';
  await made.write({
    dir: folder,
    format,
    entryFileNames: `[name].${suffix}`,
    chunkFileNames: `[name]-[hash].${suffix}`,
    minify: false,
  });
  await made.close();
};

const worker = {
  'face-worker': 'main/biometrics/face/face-worker.ts',
  'mrz-worker': 'main/document/ocr/mrz-worker.ts',
};

rmSync('dist', { recursive: true, force: true });
await bundle('dist/main', { electron: 'main/electron.ts', core: 'main/core.ts', ...worker }, 'esm');
await bundle('dist/main', { preload: 'main/preload.ts' }, 'cjs');
await bundle('dist/demo', { shell: 'test/sim/demo/shell.ts', core: 'test/sim/demo/core.ts', ...worker }, 'esm');
for (const codec of [
  '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  '@cornerstonejs/codec-openjpeg/decodewasm',
]) {
  const file = fileURLToPath(import.meta.resolve(codec));
  for (const folder of ['dist/main', 'dist/demo']) copyFileSync(file, join(folder, basename(file)));
}
await build({ configFile: 'vite.config.ts', logLevel: 'warn' });
