import { benchComparison } from './finger-comparison.ts';
import { benchExtraction } from './finger-extraction.ts';
import { benchSearch } from './finger-search.ts';

/** Extraction of an image, comparison of two templates, and search among many: each beside a baseline of the same run. */
export async function bench(): Promise<void> {
  await benchExtraction();
  await benchComparison();
  await benchSearch(process.argv.includes('--full'));
}
