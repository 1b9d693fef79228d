import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FaceGallery, type FaceMatch } from '../../../main/biometrics/face/face-gallery.ts';
import type { FaceTemplate } from '../../../main/contract/biometrics.ts';
import { native } from '../../../native/native.ts';
import { normal, stream } from '../../sim/finger/random.ts';

const values = 130;
const of = { model: 'drawn', version: '1', values };
const signal = new AbortController().signal;

function draw(seed: number): FaceTemplate {
  const random = stream(seed, 5);
  return { model: 'drawn', version: '1', values: Float32Array.from({ length: values }, () => normal(random)) };
}

/** What the gallery keeps of a template. */
function bytesOf({ values: direction }: FaceTemplate): number[] {
  const length = Math.hypot(...direction);
  const steps = Math.fround((Math.fround(127) * Math.fround(Math.sqrt(values))) / Math.fround(4.2));
  return Array.from(direction, (value) => Math.max(-127, Math.min(127, Math.round((value * steps) / length))));
}

function product(one: FaceTemplate, other: FaceTemplate): number {
  const theirs = bytesOf(other);
  return bytesOf(one).reduce((sum, value, index) => sum + value * theirs[index]!, 0);
}

async function filled(count: number): Promise<FaceGallery> {
  const gallery = new FaceGallery(of);
  await gallery.add(Array.from({ length: count }, (_, seed) => ({ id: `person ${seed}`, template: draw(seed) })));
  return gallery;
}

const search = (gallery: FaceGallery, probe: FaceTemplate, k: number) =>
  gallery.search({ probes: [{ template: probe }], k, signal });
const ids = (matches: readonly FaceMatch[]) => matches.map(({ id }) => id);

test('several shots of one person find an id by the one it is most alike', async () => {
  const gallery = await filled(300);
  const shots = [draw(5), draw(1000), draw(17)];
  const alone = await Promise.all(shots.map((shot) => search(gallery, shot, 300)));
  const best = new Map<string, number>();
  for (const { id, score } of alone.flat()) best.set(id, Math.max(score, best.get(id) ?? -1));
  const found = await gallery.search({ probes: shots.map((template) => ({ template })), k: 40, signal });
  assert.deepEqual(ids(found).slice(0, 2).toSorted(), ['person 17', 'person 5']);
  assert.deepEqual(
    found.map(({ score }) => score),
    [...best.values()].toSorted((one, other) => other - one).slice(0, 40),
  );
  assert.ok(found.every(({ id, score }) => best.get(id) === score));
  assert.deepEqual(await gallery.search({ probes: [], k: 3, signal }), []);
});

test('a search gives what a comparison with every template gives, with every instruction set to the bit', async () => {
  const count = 9000;
  const gallery = await filled(count);
  const probe = draw(123_456);
  const expected = Array.from({ length: count }, (_, seed) => ({
    id: `person ${seed}`,
    product: product(probe, draw(seed)),
  }))
    .toSorted((one, other) => other.product - one.product || (one.id < other.id ? -1 : 1))
    .slice(0, 25);
  const best = native().useInstructionSet(2);
  after(() => native().useInstructionSet(2));
  const found: (readonly FaceMatch[])[] = [];
  for (let set = 0; set <= best; set++) {
    native().useInstructionSet(set);
    found.push(await search(gallery, probe, 25));
  }
  assert.deepEqual(
    ids(found[0] ?? []),
    expected.map(({ id }) => id),
  );
  for (const other of found.slice(1)) assert.deepEqual(other, found[0]);
  const [first] = found[0] ?? [];
  assert.ok(Math.abs((first?.score ?? 0) - (expected[0]?.product ?? 0) / ((127 * 127 * values) / 4.2 ** 2)) < 1e-5);
});

test('a template finds itself with a cosine of one, within the rounding', async () => {
  const gallery = await filled(500);
  const [match] = await search(gallery, draw(321), 1);
  assert.equal(match?.id, 'person 321');
  assert.ok(Math.abs((match?.score ?? 0) - 1) < 0.02);
});

test('an id with several faces counts once, by its best; replacing and removing take effect at once', async () => {
  const gallery = await filled(20);
  await gallery.add([{ id: 'person 3', template: draw(777) }]);
  assert.deepEqual([gallery.size, ids(await search(gallery, draw(777), 30)).length], [21, 20]);
  assert.equal((await search(gallery, draw(777), 1))[0]?.id, 'person 3');
  await gallery.replace('person 3', [draw(888)]);
  assert.equal(gallery.size, 20);
  assert.ok(((await search(gallery, draw(777), 1))[0]?.score ?? 1) < 0.6);
  assert.equal((await search(gallery, draw(888), 1))[0]?.id, 'person 3');
  assert.deepEqual([await gallery.remove('person 3'), await gallery.remove('person 3'), gallery.size], [1, 0, 19]);
  assert.ok(!ids(await search(gallery, draw(888), 30)).includes('person 3'));
});

test('searches and updates go on at the same time, and each search sees whole updates', async () => {
  const gallery = await filled(5000);
  const pair = (seed: number) => [draw(seed), draw(seed + 1)];
  await gallery.replace('pair', pair(10_000));
  const updates = (async () => {
    for (let round = 1; round < 20; round++) await gallery.replace('pair', pair(10_000 + 2 * round));
  })();
  for (let round = 0; round < 20; round++) {
    const matches = await search(gallery, draw(10_000 + 2 * round), 5001);
    assert.deepEqual([matches.length, new Set(ids(matches)).size], [1000, 1000]);
  }
  await updates;
  assert.equal((await search(gallery, draw(10_039), 1))[0]?.id, 'pair');
});

async function saved(gallery: FaceGallery): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gallery.save()) pieces.push(piece);
  return pieces;
}

test('what is saved is loaded again, in pieces of any size', async () => {
  const gallery = await filled(5000);
  const whole = Buffer.concat(await saved(gallery));
  const other = new FaceGallery(of);
  const pieces = Array.from(
    { length: Math.ceil(whole.length / 70_001) },
    (_, at) => new Uint8Array(whole.subarray(at * 70_001, (at + 1) * 70_001)),
  );
  await other.load(pieces);
  const probe = draw(99_999);
  assert.deepEqual(await search(other, probe, 50), await search(gallery, probe, 50));
  await other.load(await saved(new FaceGallery(of)));
  assert.equal(other.size, 0);
});

test('a snapshot that is damaged, cut short, too long or of another model is refused, and the gallery keeps what it has', async () => {
  const gallery = await filled(30);
  const whole = new Uint8Array(Buffer.concat(await saved(gallery)));
  const flipped = (at: number) => whole.with(at, whole[at]! ^ 1);
  const ends = [0, 7, 130, whole.length - 1].map((length) => whole.slice(0, length));
  const places = [0, 9, 17, 30, 125, 129, 140, 200, whole.length - 1].map(flipped);
  for (const bytes of [...ends, ...places, new Uint8Array([...whole, 0])]) {
    await assert.rejects(gallery.load([bytes]), { code: 'template.malformed' });
  }
  for (const change of [{ model: 'else' }, { version: '2' }, { values: 131 }]) {
    const other = new FaceGallery({ ...of, ...change });
    await assert.rejects(other.load([whole]), { code: 'template.incomparable' });
    assert.equal(other.size, 0);
  }
  assert.deepEqual([gallery.size, ids(await search(gallery, draw(7), 1))], [30, ['person 7']]);
});

test('templates that do not belong there are refused, and nothing is changed', async () => {
  const gallery = await filled(3);
  const good = draw(50);
  const bad = [
    [{ ...good, version: '2' }, 'template.incomparable'],
    [{ ...good, values: good.values.slice(1) }, 'template.malformed'],
    [{ ...good, values: good.values.map(() => 0) }, 'template.malformed'],
    [{ ...good, values: good.values.with(3, Number.NaN) }, 'template.malformed'],
  ] as const;
  for (const [template, code] of bad) {
    await assert.rejects(
      gallery.add([
        { id: 'fine', template: good },
        { id: 'bad', template },
      ]),
      { code },
    );
    await assert.rejects(search(gallery, template, 1), { code });
  }
  for (const id of ['', 'x'.repeat(256)]) {
    await assert.rejects(gallery.add([{ id, template: good }]), { code: 'template.malformed' });
  }
  assert.throws(() => new FaceGallery({ ...of, values: 0 }), { code: 'template.malformed' });
  assert.equal(gallery.size, 3);
  assert.deepEqual(await search(new FaceGallery(of), good, 5), []);
});

test('a search is cancelled by its signal and by the end of its gallery', async () => {
  const gallery = await filled(3);
  await assert.rejects(gallery.search({ probes: [{ template: draw(1) }], k: 1, signal: AbortSignal.abort() }), {
    code: 'capture.cancelled',
  });
  const controller = new AbortController();
  const pending = gallery.search({ probes: [{ template: draw(1) }], k: 1, signal: controller.signal });
  controller.abort();
  await assert.rejects(pending, { code: 'capture.cancelled' });
  gallery.close();
  await assert.rejects(search(gallery, draw(1), 1), { code: 'internal' });
});
