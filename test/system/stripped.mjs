import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Loaded ahead of every program of the guest: what strips types is WebAssembly, which takes an emulated processor seconds
 * at each start, so it was done on the machine itself (setup/strip-types.mjs). Lines and columns stay what they were.
 */

const root = join(import.meta.dirname, '../..');

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const source = readFileSync(join(root, '.cache/stripped', relative(root, fileURLToPath(url))));
    return { format: 'module', shortCircuit: true, source };
  },
});
