import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Difficulty, drawPage } from '../sim/document/page-set.ts';

const usualCount = 20;
const sets: readonly { folder: string; difficulty: Difficulty; band: boolean }[] = [
  { folder: 'clean', difficulty: 'clean', band: false },
  { folder: 'fair', difficulty: 'fair', band: false },
  { folder: 'bent', difficulty: 'bent', band: false },
  { folder: 'hard', difficulty: 'hard', band: false },
  { folder: 'band', difficulty: 'clean', band: true },
];

/**
 * Draws sets of documents with transcripts for `evaluate mrz`: `DIR [COUNT [FIRST]]` gives so many pictures, from the
 * one of this number on, in each of `DIR/clean|fair|bent|hard|band`.
 */
export async function evaluate([dir = '', count = String(usualCount), first = '0']: readonly string[]): Promise<void> {
  for (const number of [count, first]) {
    if (!/^\d{1,6}$/.test(number)) throw new Error(`${number} is no number of pictures`);
  }
  for (const { folder, difficulty, band } of sets) {
    mkdirSync(join(dir, folder), { recursive: true });
    for (let index = Number(first); index < Number(first) + Number(count); index++) {
      const { name, jpeg, document } = await drawPage(difficulty, index, band);
      writeFileSync(join(dir, folder, `${name}.jpg`), jpeg);
      writeFileSync(join(dir, folder, `${name}.txt`), `${document.lines.join('\n')}\n`);
    }
    console.log(`${join(dir, folder)}: ${count} pictures`);
  }
}
