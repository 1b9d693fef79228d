import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareFingers, fingerModel } from '../../../main/biometrics/finger/finger.ts';
import { FingerGallery, type GalleryMatch } from '../../../main/biometrics/finger/finger-gallery.ts';
import type { FingerPosition, FingerTemplate } from '../../../main/contract/biometrics.ts';
import { native } from '../../../native/native.ts';
import { drawTemplate } from '../../sim/finger/draw-template.ts';

const signal = new AbortController().signal;
const template = (finger: number, impression = 1): FingerTemplate => ({
  ...fingerModel,
  bytes: drawTemplate({ finger, impression, hardness: 0.3 }),
});
const fingers = Array.from({ length: 12 }, (_, finger) => template(finger + 1));
const finger = (index: number, position: FingerPosition = 'unknown') => {
  const found = fingers[index];
  assert.ok(found);
  return { position, template: found };
};

const ask = (gallery: FingerGallery, ...probes: ReturnType<typeof finger>[]) =>
  gallery.search({ probes, k: 10_000, signal });
const broken = { position: 'unknown' as const, template: { ...fingerModel, bytes: Uint8Array.of(1, 2, 3) } };

const others: FingerTemplate[] = [];

/** So many fingers under as many ids, no more than 1,100 of them different. */
async function filled(count: number): Promise<FingerGallery> {
  while (others.length < Math.min(count, 1100)) others.push(template(1000 + others.length));
  const gallery = new FingerGallery();
  await gallery.add(
    Array.from({ length: count }, (_, i) => {
      const drawn = others[i % others.length];
      assert.ok(drawn);
      return { id: `drawn ${i}`, position: 'unknown' as const, template: drawn };
    }),
  );
  return gallery;
}

async function pieces(gallery: FingerGallery): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of gallery.save()) all.push(piece);
  return all;
}

test('any sequence of add, remove and replace gives what a plain model gives', async () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const some = fc.array(fc.integer({ min: 0, max: fingers.length - 1 }), { maxLength: 3 });
  const step = fc.oneof(
    fc.record({ what: fc.constant('add' as const), id, some }),
    fc.record({ what: fc.constant('replace' as const), id, some }),
    fc.record({ what: fc.constant('remove' as const), id, some }),
  );
  // Each finger's score with the probe, as one comparison gives it.
  const probe = { position: 'unknown' as const, template: template(3, 2) };
  const scores = await Promise.all(fingers.map(async (one) => (await compareFingers(probe.template, one, 0)).score));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const gallery = new FingerGallery();
      const model = new Map<string, number[]>();
      for (const { what, id: of, some: which } of steps) {
        const had = model.get(of) ?? [];
        if (what === 'remove') {
          assert.equal(await gallery.remove(of), had.length);
          model.delete(of);
        } else if (what === 'add') {
          await gallery.add(which.map((index) => ({ id: of, ...finger(index) })));
          model.set(of, [...had, ...which]);
        } else {
          await gallery.replace(
            of,
            which.map((index) => finger(index)),
          );
          model.set(of, which);
        }
      }
      const expected = [...model]
        .map(([of, which]) => ({ id: of, score: Math.max(0, ...which.map((index) => scores[index] ?? 0)) }))
        .filter(({ score }) => score > 0)
        .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      assert.equal(gallery.size, [...model.values()].flat().length);
      assert.deepEqual(await ask(gallery, probe), expected);
      gallery.close();
    }),
    { numRuns: 40 },
  );
});

test('mates are found first in a gallery so long that every stage leaves fingers out', async () => {
  const gallery = await filled(10_500);
  await gallery.add(fingers.map((one, i) => ({ id: `own ${i}`, position: 'unknown', template: one })));
  for (let i = 0; i < fingers.length; i += 3) {
    const [best] = await gallery.search({
      probes: [{ position: 'unknown', template: template(i + 1, 2) }],
      k: 1,
      signal,
    });
    assert.equal(best?.id, `own ${i}`);
  }
  assert.equal(await gallery.remove('own 3'), 1);
  const rest = await ask(gallery, finger(3));
  assert.ok(!rest.some(({ id }) => id === 'own 3'));
  gallery.close();
});

test('of two positions that are known and differ, nothing is compared', async () => {
  const gallery = new FingerGallery();
  await gallery.add([
    { id: 'right', ...finger(0, 'right-index') },
    { id: 'left', ...finger(0, 'left-index') },
    { id: 'any', ...finger(0) },
  ]);
  const ids = async (position: FingerPosition) => (await ask(gallery, finger(0, position))).map(({ id }) => id);
  assert.deepEqual(await ids('right-index'), ['any', 'right']);
  assert.deepEqual(await ids('left-index'), ['any', 'left']);
  assert.deepEqual(await ids('right-thumb'), ['any']);
  assert.deepEqual(await ids('unknown'), ['any', 'left', 'right']);
  gallery.close();
});

test('several fingers of one person speak for it together, and one that differs against it but a little', async () => {
  const gallery = new FingerGallery();
  await gallery.add([
    { id: 'both', ...finger(0, 'right-thumb') },
    { id: 'both', ...finger(1, 'right-index') },
    { id: 'one', ...finger(0, 'right-thumb') },
    { id: 'half', ...finger(0, 'right-thumb') },
    { id: 'half', ...finger(2, 'right-index') },
  ]);
  const found = await ask(gallery, finger(0, 'right-thumb'), finger(1, 'right-index'));
  const score = (of: string) => found.find(({ id }) => id === of)?.score ?? NaN;
  const alone = (await compareFingers(finger(0).template, finger(0).template, 0)).score;
  assert.deepEqual(
    found.map(({ id }) => id),
    ['both', 'one', 'half'],
  );
  assert.ok(score('both') > alone + 4);
  assert.equal(score('one'), alone);
  assert.ok(score('half') < alone && score('half') > alone - 3);
  gallery.close();
});

test('a search sees the gallery as it was when it was asked', async () => {
  const gallery = await filled(300);
  await gallery.add([{ id: 'own', ...finger(0) }]);
  for (let round = 1; round < 12; round++) {
    const [last, next] = [finger(round - 1), finger(round)];
    const exact = async (one: typeof last) => (await compareFingers(last.template, one.template, 0)).score;
    const own = (found: readonly GalleryMatch[]): number => found.find(({ id }) => id === 'own')?.score ?? 0;
    const before = ask(gallery, last);
    const update = gallery.replace('own', [next]);
    // The update runs on a thread of its own: a search asked meanwhile finds all of it done, or nothing.
    const meanwhile = ask(gallery, last);
    await update;
    assert.equal(own(await before), await exact(last));
    assert.ok([await exact(last), await exact(next)].includes(own(await meanwhile)));
    assert.equal(own(await ask(gallery, last)), await exact(next));
  }
  assert.equal(gallery.size, 301);
  gallery.close();
});

test('a search ends when its signal fires, and what was found by then is not told', async () => {
  const gallery = await filled(1200);
  const fired = AbortSignal.abort();
  await assert.rejects(gallery.search({ probes: [finger(0)], k: 1, signal: fired }), { code: 'capture.cancelled' });
  const abort = new AbortController();
  const search = gallery.search({ probes: [finger(0)], k: 1, signal: abort.signal });
  abort.abort();
  await assert.rejects(search, { code: 'capture.cancelled' });
  assert.equal((await gallery.search({ probes: [finger(0)], k: 1, signal })).length, 1);
  const all = await gallery.search({ probes: [finger(0)], k: 1_000_000, signal });
  assert.ok(all.length > 1, 'more asked for than there are gives those that there are');
  gallery.close();
});

test('a closed gallery ends its searches and takes no more', async () => {
  const gallery = await filled(1200);
  const search = gallery.search({ probes: [finger(0)], k: 1, signal });
  gallery.close();
  await assert.rejects(search, { code: 'capture.cancelled' });
  assert.equal(gallery.size, 0);
  await assert.rejects(gallery.add([]), { code: 'internal' });
  await assert.rejects(ask(gallery, finger(0)), { code: 'internal' });
});

test('a malformed or incomparable finger is refused, and nothing is changed', async () => {
  const gallery = new FingerGallery();
  await gallery.add([{ id: 'a', ...finger(0) }]);
  const other = { position: 'unknown' as const, template: { ...finger(1).template, version: '0' } };
  const good = { id: 'b', ...finger(1) };
  for (const [bad, code] of [
    [broken, 'template.malformed'],
    [other, 'template.incomparable'],
  ] as const) {
    await assert.rejects(gallery.add([good, { id: 'b', ...bad }]), { code });
    await assert.rejects(gallery.replace('a', [finger(1), bad]), { code });
    await assert.rejects(ask(gallery, bad), { code });
  }
  await assert.rejects(gallery.add([{ id: '', ...finger(0) }]), { code: 'template.malformed' });
  await assert.rejects(gallery.add([{ id: 'x'.repeat(256), ...finger(0) }]), { code: 'template.malformed' });
  assert.equal(gallery.size, 1);
  assert.deepEqual(
    (await ask(gallery, finger(0))).map(({ id }) => id),
    ['a'],
  );
  gallery.close();
});

test('a gallery is the same after it was bytes, in pieces of any size', async () => {
  const gallery = await filled(1100);
  await gallery.add([
    { id: 'Å 7', ...finger(0, 'left-ring') },
    { id: 'Å 7', ...finger(1) },
  ]);
  const whole = Buffer.concat(await pieces(gallery));
  const probes = [finger(0, 'left-ring'), finger(0, 'left-thumb'), finger(1), finger(7)];
  const expected = await Promise.all(probes.map((probe) => ask(gallery, probe)));
  for (const size of [whole.length, 65_536, 4_099]) {
    const loaded = new FingerGallery();
    await loaded.add([{ id: 'gone', ...finger(5) }]);
    const cut = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
      whole.subarray(i * size, (i + 1) * size),
    );
    await loaded.load(cut.map((piece) => new Uint8Array(piece)));
    assert.equal(loaded.size, 1102);
    assert.deepEqual(await Promise.all(probes.map((probe) => ask(loaded, probe))), expected);
    assert.deepEqual(Buffer.concat(await pieces(loaded)), whole);
    loaded.close();
  }
  gallery.close();
});

test('a snapshot of an empty gallery is one', async () => {
  const gallery = new FingerGallery();
  const empty = await pieces(gallery);
  await gallery.add([{ id: 'a', ...finger(0) }]);
  await gallery.load(empty);
  assert.equal(gallery.size, 0);
  gallery.close();
});

test('a snapshot cut short, changed in any bit or lengthened is a fault, and the gallery keeps what it had', async () => {
  const source = new FingerGallery();
  await source.add(fingers.map((one, i) => ({ id: `own ${i}`, position: 'unknown', template: one })));
  const whole = Buffer.concat(await pieces(source));
  const gallery = new FingerGallery();
  await gallery.add([{ id: 'kept', ...finger(0) }]);
  const refused = async (bytes: Uint8Array): Promise<void> => {
    await assert.rejects(gallery.load([bytes]), { code: 'template.malformed' });
    assert.deepEqual(
      (await ask(gallery, finger(0))).map(({ id }) => id),
      ['kept'],
    );
  };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), (length) =>
      refused(new Uint8Array(whole.subarray(0, length))),
    ),
    { numRuns: 60, examples: [[0], [1], [63], [64], [79], [80]] },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 8 * whole.length - 1 }), (bit) => {
      const changed = new Uint8Array(whole);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return refused(changed);
    }),
    { numRuns: 200, examples: [...Array(80).keys()].map((byte): [number] => [8 * byte + (byte % 8)]) },
  );
  await refused(new Uint8Array([...whole, 0]));
  await refused(new Uint8Array([...whole, ...whole.subarray(64)]));
  source.close();
  gallery.close();
});

test('a snapshot that another model made is incomparable', async () => {
  const source = new (native().FingerGallery)();
  const next = source.save('limen-finger/0');
  const gallery = new FingerGallery();
  await assert.rejects(gallery.load([await next()]), { code: 'template.incomparable' });
  gallery.close();
});

test('random bytes are never taken for a snapshot', async () => {
  const gallery = new FingerGallery();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) =>
      assert.rejects(gallery.load([bytes]), { code: 'template.malformed' }),
    ),
    { numRuns: 100 },
  );
  gallery.close();
});

test('every instruction set finds the same, and derives the same', async () => {
  const best = native().useInstructionSet(2);
  const results: { readonly set: number; readonly found: unknown; readonly bytes: Buffer }[] = [];
  try {
    for (let set = 0; set <= best; set++) {
      assert.equal(native().useInstructionSet(set), set);
      const gallery = await filled(1100);
      const found = [];
      for (const index of [0, 4, 8]) found.push(await ask(gallery, finger(index)));
      results.push({ set, found, bytes: Buffer.concat(await pieces(gallery)) });
      gallery.close();
    }
  } finally {
    native().useInstructionSet(best);
  }
  for (const { set, found, bytes } of results) {
    assert.deepEqual(found, results[0]?.found, `set ${set}`);
    assert.ok(bytes.equals(results[0]?.bytes ?? Buffer.alloc(0)), `set ${set}`);
  }
});
