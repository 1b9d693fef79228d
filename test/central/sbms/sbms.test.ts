import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BiometricSystem, biometricSystems, type StoredTemplate } from '../../../central/sbms/template.ts';
import { drawBiometrics } from '../../sim/central/biometrics.ts';
import { asker, ever, heldUntil, nearSbms, probe } from './near-sbms.ts';

const kindsOf = (templates: readonly StoredTemplate[], kind: string) => templates.filter((each) => each.kind === kind);
const firstFinger = (templates: readonly StoredTemplate[]) => kindsOf(templates, 'finger').slice(0, 1);

test('a person is found by one finger, by four, by the face and by all of it, in the system that is asked and in no other', async () => {
  await using near = await nearSbms();
  for (let person = 0; person < 20; person++)
    await near.settle(biometricSystems[person % 3]!, `F${person}`, drawBiometrics(person, 1));
  for (const [person, system] of [
    [3, 'EES'],
    [7, 'VIS'],
    [11, 'SIS'],
  ] as const) {
    const again = drawBiometrics(person, 2);
    for (const given of [firstFinger(again), kindsOf(again, 'finger'), kindsOf(again, 'face'), again]) {
      for (const asked of biometricSystems) {
        const { candidates, complete } = await near.sbms.search(asked, await probe(given), asker, ever);
        assert.equal(complete, true);
        assert.deepEqual(
          candidates.map(({ file }) => file),
          asked === system ? [`F${person}`] : [],
          `${asked} ${given.length}`,
        );
        const kinds = ['finger', 'face'].filter((kind) => kindsOf(given, kind).length > 0);
        if (asked === system) assert.deepEqual(candidates[0]?.agrees, kinds);
      }
    }
  }
});

test('a stranger is no candidate, and the answer is complete', async () => {
  await using near = await nearSbms();
  for (let person = 0; person < 30; person++) await near.settle('EES', `F${person}`, drawBiometrics(person, 1));
  const found = await near.sbms.search('EES', await probe(drawBiometrics(99, 1)), asker, ever);
  assert.deepEqual(found, { candidates: [], complete: true });
});

test('the face of one and the fingers of another bring up both, and say what does not agree', async () => {
  await using near = await nearSbms();
  for (let person = 0; person < 5; person++) await near.settle('EES', `F${person}`, drawBiometrics(person, 1));
  const mixed = [...kindsOf(drawBiometrics(1, 2), 'finger'), ...kindsOf(drawBiometrics(2, 2), 'face')];
  const { candidates } = await near.sbms.search('EES', await probe(mixed), asker, ever);
  const by = new Map(candidates.map(({ file, agrees, differs }) => [file, { agrees, differs }]));
  assert.deepEqual(
    by,
    new Map([
      ['F1', { agrees: ['finger'], differs: ['face'] }],
      ['F2', { agrees: ['face'], differs: ['finger'] }],
    ]),
  );
});

test('one to one, a file says what agrees, what is another person’s, and nothing of what it lacks', async () => {
  await using near = await nearSbms();
  await near.settle('EES', 'whole', drawBiometrics(1, 1));
  await near.settle('EES', 'faceless', kindsOf(drawBiometrics(1, 1), 'finger'));
  await near.settle('EES', 'other', drawBiometrics(2, 1));
  const files = ['whole', 'faceless', 'other', 'absent'];
  const compared = await near.sbms.compare('EES', files, await probe(drawBiometrics(1, 2)), asker, ever);
  const said = new Map([...compared].map(([file, { agrees, differs }]) => [file, { agrees, differs }]));
  assert.deepEqual(
    said,
    new Map([
      ['faceless', { agrees: ['finger'], differs: [] }],
      ['other', { agrees: [], differs: ['finger', 'face'] }],
      ['whole', { agrees: ['finger', 'face'], differs: [] }],
    ]),
  );
});

test('poor templates are not stored, nor what is no template; a poor probe never says that nothing is there', async () => {
  await using near = await nearSbms();
  const [good] = firstFinger(drawBiometrics(1, 1));
  const poor = { ...good!, quality: 39 };
  assert.equal(await near.sbms.store('EES', 'F1', 'finger', [poor, { ...good!, template: new Uint8Array(40) }]), 0);
  assert.equal(await near.sbms.store('EES', 'F1', 'finger', [{ ...good!, position: 'left-index' }, poor]), 1);
  assert.equal((await near.sbms.templatesOf('EES', 'F1')).length, 1);
  const found = await near.sbms.search('EES', await probe([{ ...drawBiometrics(2, 1)[0]!, quality: 39 }]), asker, ever);
  assert.deepEqual(found, { candidates: [], complete: false });
});

test('templates of another model are kept, compared with nothing, and take the answer its completeness', async () => {
  await using near = await nearSbms();
  const others = drawBiometrics(1, 1).map((each) => ({ ...each, version: '0' }));
  await near.settle('EES', 'F1', others);
  for (const given of [firstFinger(drawBiometrics(1, 2)), kindsOf(drawBiometrics(1, 2), 'face')]) {
    const own = await near.sbms.search('EES', await probe(given), asker, ever);
    assert.deepEqual(own, { candidates: [], complete: false });
    const foreign = given.map((each) => ({ ...each, version: '0' }));
    assert.deepEqual(await near.sbms.search('EES', await probe(foreign), asker, ever), {
      candidates: [],
      complete: false,
    });
    assert.deepEqual(
      await near.sbms.compare('EES', ['F1'], await probe(foreign), asker, ever).then((found) => found.get('F1')),
      { rate: 1, agrees: [], differs: [] },
    );
    assert.equal((await near.sbms.search('VIS', await probe(given), asker, ever)).complete, true);
  }
});

test('a file that is erased is gone at once from memory, and from every other service on the same database', async () => {
  await using near = await nearSbms();
  const other = await near.again();
  await near.settle('SIS', 'S1', drawBiometrics(1, 1));
  await other.follow();
  assert.equal(await near.sbms.erase('SIS', 'S1'), 5);
  for (const sbms of [near.sbms, other]) {
    const { candidates, complete } = await sbms.search('SIS', await probe(drawBiometrics(1, 2)), asker, ever);
    assert.deepEqual({ candidates, complete }, { candidates: [], complete: true });
    assert.equal(sbms.bytes, 0);
  }
});

test('what a transaction stored and did not commit is never found', async () => {
  await using near = await nearSbms();
  await assert.rejects(
    near.database.transaction(async () => {
      await near.sbms.store('EES', 'F1', 'face', kindsOf(drawBiometrics(1, 1), 'face'));
      throw new Error('no');
    }),
  );
  const found = await near.sbms.search('EES', await probe(drawBiometrics(1, 2)), asker, ever);
  assert.deepEqual(found, { candidates: [], complete: true });
  assert.equal((await near.log.head()).length, 1);
});

test('while a gallery is read, or where it has no room, an answer is not complete', async () => {
  await using near = await nearSbms();
  for (let person = 0; person < 3; person++) await near.settle('EES', `F${person}`, drawBiometrics(person, 1));
  const given = drawBiometrics(1, 2);
  const opened = Promise.withResolvers<void>();
  const again = await near.again({}, heldUntil(near.database, opened.promise));
  assert.deepEqual(await again.search('EES', await probe(given), asker, ever), { candidates: [], complete: false });
  opened.resolve();
  await again.follow();
  const later = await again.search('EES', await probe(given), asker, ever);
  assert.deepEqual([later.complete, later.candidates.map(({ file }) => file)], [true, ['F1']]);
  const small = await near.again({ maxGalleryBytes: 0 });
  await small.follow();
  assert.deepEqual(await small.search('EES', await probe(given), asker, ever), { candidates: [], complete: false });
});

test('the log has each template and each search, one line for all that ask with one probe, and nobody’s biometrics', async () => {
  await using near = await nearSbms();
  await near.settle('VIS', 'V1', drawBiometrics(1, 1));
  const given = await probe(drawBiometrics(1, 2));
  await Promise.all(Array.from({ length: 3 }, () => near.sbms.search('VIS', given, asker, ever)));
  await near.sbms.erase('VIS', 'V1');
  const lines = (await near.log.read()).map(({ at, ...line }) => {
    assert.ok(Date.parse(at) > 0);
    return line;
  });
  const made = (name: string) => [name];
  assert.deepEqual(lines, [
    { event: 'stored', system: 'VIS', file: 'V1', kind: 'finger', count: 4, made: made('limen-finger/2') },
    { event: 'stored', system: 'VIS', file: 'V1', kind: 'face', count: 1, made: made('mobilefacenet/1') },
    {
      ...asker,
      event: 'searched',
      system: 'VIS' as BiometricSystem,
      candidates: 1,
      complete: true,
      kinds: ['finger', 'face'],
    },
    { event: 'erased', system: 'VIS', file: 'V1', count: 5 },
  ]);
  assert.equal(await near.log.firstAltered(new Date()), undefined);
});

test('a search that everybody has left ends, and the next one with the same probe is a new one', async () => {
  await using near = await nearSbms();
  await near.settle('EES', 'F1', drawBiometrics(1, 1));
  const given = await probe(drawBiometrics(1, 2));
  const leaving = new AbortController();
  const left = near.sbms.search('EES', given, asker, leaving.signal);
  leaving.abort(new Error('gone'));
  await assert.rejects(left, /gone/);
  assert.equal((await near.sbms.search('EES', given, asker, ever)).candidates.length, 1);
});
