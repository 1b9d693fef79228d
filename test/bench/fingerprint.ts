import { compareFingers, extractFinger, searchFingers } from '../../main/biometrics/finger/finger.ts';
import type { FingerTemplate } from '../../main/contract/biometrics.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { benchSearch } from './finger-search.ts';

const copiedBytes = 16 * 2 ** 20;
const galleryFingers = 8;
const gallerySize = 400;
const rounds = 7;

/**
 * Extraction of a 388 x 374 image, one comparison, and a search per entry: milliseconds or microseconds, and as a ratio
 * to copying 16 MiB of memory, each timed in turn so that a noisy machine disturbs both alike; the least of the rounds.
 */
export async function bench(): Promise<void> {
  const image = drawFinger({ finger: 1, impression: 1, widthPx: 388, heightPx: 374, dpi: 500 });
  const gallery: FingerTemplate[] = [];
  for (let finger = 1; finger <= galleryFingers; finger++) {
    const drawn = drawFinger({ finger, impression: 2, widthPx: 388, heightPx: 374, dpi: 500 });
    gallery.push((await extractFinger(drawn)).template);
  }
  const { template: probe, minutiae } = await extractFinger(image);
  const [mate = probe] = gallery;
  const many = Array.from({ length: gallerySize }, (_, i) => gallery[i % gallery.length] ?? probe);
  const from = Buffer.alloc(copiedBytes, 1);
  const to = Buffer.alloc(copiedBytes);

  const least = { copy: Infinity, extract: Infinity, compare: Infinity, search: Infinity };
  const time = async (name: keyof typeof least, work: () => unknown): Promise<void> => {
    const started = performance.now();
    await work();
    least[name] = Math.min(least[name], performance.now() - started);
  };
  for (let round = 0; round < rounds; round++) {
    await time('copy', () => from.copy(to));
    await time('extract', () => extractFinger(image));
    await time('compare', () => compareFingers(probe, mate, 0));
    await time('search', () => searchFingers(probe, many));
  }
  const line = (name: string, ms: number, figure: string): void =>
    console.log(`${name.padEnd(24)}${figure.padStart(12)}${(ms / least.copy).toFixed(4).padStart(12)} x copy`);
  console.log(`baseline: copy of 16 MiB ${least.copy.toFixed(2)} ms; templates of about ${minutiae} minutiae`);
  line('extract 388 x 374', least.extract, `${least.extract.toFixed(1)} ms`);
  line('compare 1:1, mates', least.compare, `${(1000 * least.compare).toFixed(0)} us`);
  line('search 1:N, an entry', least.search / gallerySize, `${((1000 * least.search) / gallerySize).toFixed(0)} us`);
  await benchSearch(process.argv.includes('--full'));
}
