import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What each kind of evaluation exports: it measures on the folders given and prints what it found. */
export interface Evaluation {
  evaluate(dirs: readonly string[], options: { scores?: string }): Promise<void>;
}

/** Runs `./<kind>.ts` on folders of images: `node test/evaluate/evaluate.ts KIND DIR [DIR...] [--scores FILE]`. */
async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { scores: { type: 'string' } },
  });
  const [kind = '', ...dirs] = positionals;
  const file = new URL(`./${kind}.ts`, import.meta.url);
  const usage =
    'usage: node test/evaluate/evaluate.ts fingerprint|finger-quality|finger-fit|finger-calibrate|finger-search|steps|face DIR [DIR...] [--scores FILE], or drawn [DIR...]';
  if (
    !/^[a-z]+(-[a-z]+)?$/.test(kind) ||
    kind === 'evaluate' ||
    !existsSync(file) ||
    (dirs.length === 0 && kind !== 'drawn')
  )
    throw new Error(usage);
  const evaluation = (await import(file.href)) as Partial<Evaluation>;
  if (!evaluation.evaluate) throw new Error(usage);
  await evaluation.evaluate(dirs, values.scores === undefined ? {} : { scores: values.scores });
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
