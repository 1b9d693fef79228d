import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { extractFinger } from '../../main/biometrics/finger/finger.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';

const fingers = 8;
const impressions = 3;
const minutiae = { least: 40, most: 60 };
const sets = ['scalar', 'AVX2', 'AVX-512'];
const build = fileURLToPath(new URL('../../native/build', import.meta.url));

/**
 * Comparison 1:1 with both templates made ready, templates of 40 to 60 minutiae, under each instruction set: microseconds,
 * and beside them the comparison of all descriptors alone, which no matcher of these descriptors can undercut.
 */
export async function benchComparison(): Promise<void> {
  execFileSync('cmake', ['--build', build, '--target', 'finger_bench'], { stdio: 'pipe' });
  const parts: Buffer[] = [];
  for (let finger = 1; finger <= fingers; finger++) {
    for (let impression = 1; impression <= impressions; impression++) {
      const image = drawFinger({ finger, impression, widthPx: 388, heightPx: 374, dpi: 500 });
      const found = await extractFinger(image);
      if (found.minutiae < minutiae.least || found.minutiae > minutiae.most) continue;
      const head = Buffer.alloc(8);
      head.writeUInt32LE(finger, 0);
      head.writeUInt32LE(found.template.bytes.length, 4);
      parts.push(head, Buffer.from(found.template.bytes));
    }
  }
  const output = execFileSync(`${build}/finger_bench`, { input: Buffer.concat(parts), encoding: 'utf8' });
  console.log(
    `1:1, ${parts.length / 2} templates of ${minutiae.least} to ${minutiae.most} minutiae, us (and as multiples of the descriptors alone)`,
  );
  console.log(
    `${'set'.padEnd(10)}${['prepare', 'mates', 'impostors', 'descriptors'].map((name) => name.padStart(18)).join('')}`,
  );
  for (const line of output.trim().split('\n')) {
    const [set = 0, ...times] = line.split(' ').map(Number);
    const limit = times.at(-1) ?? 1;
    const figures = times.map((us) => `${us.toFixed(1)} (${(us / limit).toFixed(1)})`.padStart(18));
    console.log(`${(sets[set] ?? '?').padEnd(10)}${figures.join('')}`);
  }
}
