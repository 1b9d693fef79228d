import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutants, mutantsOfClocks, mutantsOfLists } from './mutants.ts';

// Loaded before all else (node --import): plants the bug that LIMEN_MUTANT names.
const wanted = process.env['LIMEN_MUTANT'];
const mutant = [...mutants, ...mutantsOfClocks, ...mutantsOfLists].find(({ name }) => name === wanted);
if (wanted !== undefined && !mutant) throw new Error(`no mutant ${wanted}`);
const root = new URL('../../', import.meta.url).href;
registerHooks({
  load(url, context, next) {
    const edits = mutant?.edits.filter(({ file }) => url === root + file) ?? [];
    if (edits.length === 0) return next(url, context);
    let source = readFileSync(fileURLToPath(url), 'utf8');
    for (const { file, text, bug } of edits) {
      if (source.split(text).length !== 2) throw new Error(`${file} holds not once: ${text}`);
      source = source.replace(text, () => bug);
    }
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
