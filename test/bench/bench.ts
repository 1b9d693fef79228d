import { readdirSync } from 'node:fs';

/** What each bench file exports: it measures and prints, each figure beside a baseline taken in the same process. */
export interface Bench {
  bench(): Promise<void>;
}

/** Runs the benches beside this file, all or those named: `node test/bench/bench.ts [kind...] [--full] [SIZE]`. */
async function run(wanted: readonly string[]): Promise<void> {
  const kinds = readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'bench.ts')
    .map((name) => name.slice(0, -'.ts'.length));
  const unknown = wanted.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) throw new Error(`no bench ${unknown}; there are: ${kinds.join(', ')}`);
  for (const kind of kinds) {
    if (wanted.length > 0 && !wanted.includes(kind)) continue;
    const module = (await import(`./${kind}.ts`)) as Partial<Bench>;
    if (!module.bench) continue;
    console.log(`# ${kind}`);
    await module.bench();
  }
}

try {
  await run(process.argv.slice(2).filter((argument) => argument !== '--full' && !/^\d+$/.test(argument)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
