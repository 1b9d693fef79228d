import { examineFinger, fingerSteps } from '../../main/biometrics/finger/finger-report.ts';
import { native } from '../../native/native.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';

const copiedBytes = 16 * 2 ** 20;
const rounds = 15;
const sets = ['scalar', 'AVX2', 'AVX-512'];

/**
 * Extraction of a 388 x 374 image by every instruction set that the processor has: milliseconds in all and for each step,
 * and as a ratio to copying 16 MiB of memory. Beside it what the oriented filters alone take for every square of the
 * print, once. All are timed in turn, so that a noisy machine disturbs them alike; the least of the rounds.
 */
export async function benchExtraction(): Promise<void> {
  const image = drawFinger({ finger: 1, impression: 1, widthPx: 388, heightPx: 374, dpi: 500 });
  const from = Buffer.alloc(copiedBytes, 1);
  const to = Buffer.alloc(copiedBytes);
  const best = native().useInstructionSet(sets.length - 1);
  const least = sets
    .slice(0, best + 1)
    .map(() => ({ whole: Infinity, filters: Infinity, steps: fingerSteps.map(() => Infinity) }));
  let copyMs = Infinity;
  let squares = 0;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    from.copy(to);
    copyMs = Math.min(copyMs, performance.now() - started);
    for (const [set, figures] of least.entries()) {
      native().useInstructionSet(set);
      const { stepMs, areaMm2 } = await examineFinger(image);
      figures.whole = Math.min(
        figures.whole,
        Object.values(stepMs).reduce((sum, ms) => sum + ms, 0),
      );
      for (const [i, step] of fingerSteps.entries())
        figures.steps[i] = Math.min(figures.steps[i] ?? Infinity, stepMs[step]);
      squares = Math.round(areaMm2 / (8 * 0.0508) ** 2);
      figures.filters = Math.min(figures.filters, native().timeFingerFilters(squares));
    }
  }
  native().useInstructionSet(best);
  console.log(`extraction of 388 x 374; baseline: copy of 16 MiB ${copyMs.toFixed(2)} ms`);
  const line = (name: string, of: (figures: (typeof least)[number]) => number): void =>
    console.log(
      `  ${name.padEnd(26)}${least.map((figures) => `${of(figures).toFixed(2)} ms ${(of(figures) / copyMs).toFixed(3)} x copy`.padStart(26)).join('')}`,
    );
  console.log(`  ${''.padEnd(26)}${least.map((_, set) => (sets[set] ?? '').padStart(26)).join('')}`);
  line('all steps', (figures) => figures.whole);
  for (const [i, step] of fingerSteps.entries()) line(step, (figures) => figures.steps[i] ?? 0);
  line(`filters alone, ${squares} squares`, (figures) => figures.filters);
}
