import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

/* Writes the program and its tests without their types for the guest of the system tests (test/system/stripped.mjs). */

const into = '.cache/stripped';

rmSync(into, { recursive: true, force: true });
for (const file of globSync(['main/**/*.ts', 'test/**/*.ts', 'central/**/*.ts'])) {
  const target = join(into, file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, stripTypeScriptTypes(readFileSync(file, 'utf8')));
}
