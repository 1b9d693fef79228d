import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawBiometrics } from '../../sim/central/biometrics.ts';
import { arrive, capture, crossing } from '../arriving.ts';
import { nearPortal } from '../portal.ts';

const ever = new AbortController().signal;

/** A traveller who comes with one passport, and again with another. */
async function twice(portal: Awaited<ReturnType<typeof nearPortal>>): Promise<void> {
  const { arrivals, sbms, links } = portal.services;
  for (const [day, number, occasion] of [
    ['2026-05-10', 'OLD1', 1],
    ['2026-06-10', 'NEW1', 2],
  ] as const) {
    const came = crossing(1, day, number);
    for (const record of [came, capture(came, drawBiometrics(1, occasion))]) await arrive(portal.database, record);
  }
  await arrivals.advance();
  await sbms.follow();
  await links.advance(ever);
}

test('who comes with a new passport has two dossiers and one yellow link, for the border authority', async () => {
  await using portal = await nearPortal();
  await twice(portal);
  const { links } = portal.services;
  const [link, ...more] = await links.of('EES', 'EES-1');
  assert.equal(more.length, 0);
  assert.deepEqual(await links.of('EES', 'EES-2'), [link]);
  assert.deepEqual([link?.colour, link?.authority], ['yellow', 'border-authority']);
  assert.equal(await links.advance(ever), 0);
});

test('the CIR shows a link to who may see both files, and to nobody else', async () => {
  await using portal = await nearPortal();
  const { registers, sbms, links } = portal.services;
  await sbms.store(
    'VIS',
    'V1',
    'face',
    drawBiometrics(1, 3).filter(({ kind }) => kind === 'face'),
  );
  const visa = {
    sticker: 'V1',
    document: { number: 'ELSE1', issuingState: 'UTO' },
    days: 90,
    entries: 'many',
  } as const;
  await registers.vis.issue({ ...visa, validFrom: '2026-01-01', validUntil: '2026-12-31' });
  await twice(portal);
  const colours = async (kinds: readonly string[]) => {
    const matches = await registers.cir.search({ files: ['CIR-EES-1'], kinds, today: '2026-06-10' });
    return matches.flatMap(({ hit }) =>
      hit.source === 'CIR' ? (hit.facts.links ?? []).map(({ colour }) => colour) : [],
    );
  };
  assert.equal((await links.of('EES', 'EES-1')).length, 2);
  assert.deepEqual(await colours(['EES', 'VIS']), ['yellow', 'yellow']);
  assert.deepEqual(await colours(['EES']), ['yellow']);
});

test('where the configuration says so the machine links them white', async () => {
  await using portal = await nearPortal({ newDocument: 'white' });
  await twice(portal);
  assert.equal((await portal.services.links.of('EES', 'EES-1'))[0]?.colour, 'white');
});

test('a person settles a link once and for the authority it belongs to; green is never raised again', async () => {
  await using portal = await nearPortal();
  await twice(portal);
  const { links } = portal.services;
  const [link] = await links.of('EES', 'EES-1');
  assert.equal(await links.settle(link!.reference, 'sirene', 'green', 'guard-7', 'twins'), false);
  assert.equal(await links.settle(link!.reference, 'border-authority', 'green', 'guard-7', 'twins'), true);
  assert.equal(await links.settle(link!.reference, 'border-authority', 'red', 'guard-8', 'no'), false);
  for (const file of ['EES-1', 'EES-2']) await links.due('EES', file);
  assert.equal(await links.advance(ever), 0);
  assert.deepEqual(
    (await links.of('EES', 'EES-2')).map(({ colour }) => colour),
    ['green'],
  );
});

test('a link to an alert that is reserved to SIRENE is not the booth’s to settle', async () => {
  await using portal = await nearPortal();
  const { registers, sbms, links } = portal.services;
  const alert = { reference: 'S1', kind: 'discreet-check', expiresOn: '2030-01-01', identities: [], documents: [] };
  await registers.sis.enter(alert);
  const face = drawBiometrics(1, 3).filter(({ kind }) => kind === 'face');
  await sbms.store('SIS', 'S1', 'face', face);
  await twice(portal);
  const toAlert = (await links.of('SIS', 'S1'))[0];
  assert.deepEqual([toAlert?.colour, toAlert?.authority], ['yellow', 'sirene']);
  assert.equal(await links.settle(toAlert!.reference, 'border-authority', 'white', 'guard-7', 'seen'), false);
});

test('links go with a file that is erased, and what could not be looked for everywhere stays due', async () => {
  await using portal = await nearPortal();
  const { registers, sbms, links } = portal.services;
  const others = drawBiometrics(9, 1).map((each) => ({ ...each, version: '0' }));
  await sbms.store(
    'VIS',
    'V9',
    'face',
    others.filter(({ kind }) => kind === 'face'),
  );
  await twice(portal);
  assert.equal((await links.of('EES', 'EES-1')).length, 1);
  const due = () => portal.database.get<{ count: number }>('SELECT count(*) AS count FROM mid_due');
  assert.deepEqual(await due(), { count: 2 });
  await registers.ees.erase('2040-01-01');
  assert.deepEqual([await links.of('EES', 'EES-1'), await due()], [[], { count: 0 }]);
});
