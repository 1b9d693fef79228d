import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What may be said besides the folders. */
export interface EvaluateOptions {
  /** File that gets every pair with its score. */
  readonly scores?: string;
  /** The face model to evaluate, by its id in models/manifest.json. */
  readonly embedder?: string;
  /** Compares every face with the other as a document's portrait might look, too. */
  readonly portraits?: boolean;
  /** How many slaps to draw. */
  readonly count?: number;
}

/** What each kind of evaluation exports: it measures on the folders given and prints what it found. */
export interface Evaluation {
  evaluate(dirs: readonly string[], options: EvaluateOptions): Promise<void>;
}

/** Kinds that draw what they measure. */
const withoutFolder = ['drawn', 'slap', 'drawn-names'];

/** Runs `./<kind>.ts` on folders of images: `node test/evaluate/evaluate.ts KIND DIR [DIR...] [--scores FILE] [--embedder ID] [--portraits] [--count N]`. */
async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      scores: { type: 'string' },
      embedder: { type: 'string' },
      portraits: { type: 'boolean' },
      count: { type: 'string' },
    },
  });
  const [kind = '', ...dirs] = positionals;
  const file = new URL(`./${kind}.ts`, import.meta.url);
  const usage =
    'usage: node test/evaluate/evaluate.ts fingerprint|finger-quality|finger-fit|finger-calibrate|finger-search|steps|slap-pictures|face|face-hints|likelihood|crossings|mrz|names DIR [DIR...] [--scores FILE] [--embedder ID] [--portraits], or drawn [DIR...], or slap [DIR...] [--count N], or drawn-names [--count N], or draw-mrz DIR [COUNT [FIRST]]';
  if (
    !/^[a-z]+(-[a-z]+)?$/.test(kind) ||
    kind === 'evaluate' ||
    !existsSync(file) ||
    (dirs.length === 0 && !withoutFolder.includes(kind))
  )
    throw new Error(usage);
  const evaluation = (await import(file.href)) as Partial<Evaluation>;
  if (!evaluation.evaluate) throw new Error(usage);
  const { count, ...others } = values;
  if (count !== undefined && !/^[1-9]\d{0,6}$/.test(count)) throw new Error(usage);
  await evaluation.evaluate(dirs, { ...others, ...(count && { count: Number(count) }) });
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
