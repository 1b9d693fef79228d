import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: the checkout, or the packaged program. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A file of the program as the operating system can open it: native code and models lie beside the archive. */
export function programFile(...parts: readonly string[]): string {
  return join(root, ...parts).replace('app.asar/', 'app.asar.unpacked/');
}

/** The program's own version, from package.json. */
export const programVersion = String(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: string }).version,
);

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('package.json of Limen was not found');
  return findRoot(above);
}
