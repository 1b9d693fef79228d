import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tapFinger } from '../../../main/biometrics/finger/finger-report.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { native } from '../../../native/native.ts';
import type { Condition } from '../../sim/finger/condition.ts';
import { drawFinger } from '../../sim/finger/draw-finger.ts';
import { stream } from '../../sim/finger/random.ts';

const sets = ['scalar', 'avx2', 'avx512'] as const;
const best = native().useInstructionSet(sets.length - 1);
after(() => native().useInstructionSet(best));

const conditions: readonly Condition[] = ['good', 'dry', 'wet', 'light', 'partial'];

/** Drawn prints at several resolutions and odd sizes, the same under noise, and noise alone, fine and coarse. */
function images(): GreyImage[] {
  const random = stream(31);
  const all: GreyImage[] = [];
  for (const [i, condition] of conditions.entries()) {
    for (const dpi of [500, 333 + 100 * i]) {
      const widthPx = Math.round(0.55 * dpi) + i;
      const drawn = drawFinger({ finger: 60 + i, impression: 1, widthPx, heightPx: 241 + 17 * i, dpi, condition });
      all.push(drawn, { ...drawn, pixels: drawn.pixels.map((grey) => grey + 90 * (random() - 0.5)) });
    }
  }
  for (const grain of [1, 3, 8, 20]) {
    const [widthPx, heightPx] = [203 + grain, 177];
    const greys = Uint8Array.from({ length: widthPx * heightPx }, () => 256 * random());
    all.push({ widthPx, heightPx, dpi: 500, pixels: greys.map((_, i) => greys[i - (i % grain)] ?? 0) });
  }
  return all;
}

/** Everything the extraction says of an image but its times. */
async function told(image: GreyImage): Promise<unknown> {
  const { report, taps } = await tapFinger(image);
  return { ...report, stepMs: undefined, taps };
}

test('every instruction set comes to the same bytes, in the record and in every step', async () => {
  const seen: string[] = [];
  for (const image of images()) {
    native().useInstructionSet(0);
    const expected = await told(image);
    for (const [index, name] of sets.entries()) {
      if (native().useInstructionSet(index) !== index) continue; // not on this processor
      assert.deepEqual(
        await told(image),
        expected,
        `${name}, ${image.widthPx} x ${image.heightPx} at ${image.dpi} dpi`,
      );
      if (!seen.includes(name)) seen.push(name);
    }
  }
  assert.deepEqual(seen, sets.slice(0, best + 1));
});

test('the inner loops of different instruction sets share no symbol that the linker could pick from', () => {
  const built = fileURLToPath(new URL('../../../native/build/CMakeFiles', import.meta.url));
  const defined = new Map<string, string>();
  for (const set of sets) {
    const folder = join(built, `limen_${set}.dir`);
    if (!existsSync(folder)) continue; // a package brings the addon without its object files
    const objects = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.o'));
    assert.ok(objects.length > 0, folder);
    for (const object of objects) {
      const listing = execFileSync('nm', ['--defined-only', '--extern-only', join(folder, object)], {
        encoding: 'utf8',
      });
      for (const line of listing.split('\n').filter(Boolean)) {
        const [, kind = '', symbol = ''] = /^\S+ (\S) (\S+)$/.exec(line) ?? [];
        assert.match(kind, /^[TRDB]$/, `${basename(object)} of ${set} holds ${line}`);
        assert.match(symbol, new RegExp(`${set.length}${set}`), `${basename(object)} of ${set} holds ${line}`);
        assert.ok(!defined.has(symbol), `${symbol} is in ${defined.get(symbol)} and ${set}`);
        defined.set(symbol, set);
      }
    }
  }
});
