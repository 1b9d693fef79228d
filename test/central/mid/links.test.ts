import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkVerdict } from '../../../main/contract/link.ts';
import { drawBiometrics } from '../../sim/central/biometrics.ts';
import { readEspConfiguration } from '../../../central/esp/configuration.ts';
import { waitingLinks } from '../../../central/mid/links.ts';
import { exampleConfiguration } from '../../sim/central/configuration.ts';
import { uuidv7 } from '../../uplink/records.ts';
import { arrive, capture, crossing } from '../arriving.ts';
import { linesOf, nearPortal, queryOf } from '../portal.ts';

const ever = new AbortController().signal;

const verdict = (link: string, more: Partial<LinkVerdict> = {}): LinkVerdict => ({
  format: 'limen-link-verdict',
  version: 1,
  id: uuidv7(),
  link,
  colour: 'green',
  explanation: 'We are twins',
  reason: 'Two people stand here',
  purpose: 'border-check-entry',
  authority: 'border-police',
  staffId: 'guard-7',
  caseId: uuidv7(),
  ...more,
});

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
  const { reference } = link!;
  const twins = verdict(reference);
  assert.equal(await links.settle(twins, []), false);
  assert.equal(await links.settle(twins, ['sirene', 'visa-authority']), false);
  assert.equal(await links.settle(twins, ['border-authority']), true);
  assert.equal(await links.settle(twins, ['border-authority']), 'before');
  assert.equal(
    await links.settle(verdict(reference, { colour: 'red', staffId: 'guard-8' }), ['border-authority']),
    false,
  );
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
  assert.equal(
    await links.settle(verdict(toAlert!.reference), ['border-authority', 'visa-authority', 'etias-unit']),
    false,
  );
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

/** A question of one who comes with the new passport, and what EES and CIR say. */
async function asked(portal: Awaited<ReturnType<typeof nearPortal>>, number: string) {
  const came = crossing(1, '2026-06-10', number);
  const { surname, givenNames, birthDate, issuingState } = came.document!;
  const identity = { surname, givenNames, birthDate };
  const lines = linesOf(await portal.ask(queryOf({ document: { number, issuingState }, identity })));
  return lines.flatMap((line) => (line.kind === 'HIT' && ['EES', 'CIR'].includes(line.source) ? [line] : []));
}

test('a white link makes two files one answer: the days of both are counted, and nothing of them differs any more', async () => {
  await using portal = await nearPortal();
  await twice(portal);
  const apart = await asked(portal, 'NEW1');
  assert.deepEqual(apart.map(({ source, differs }) => `${source} ${differs?.join(' ') ?? 'agrees'}`).toSorted(), [
    'CIR agrees',
    'CIR document',
    'EES agrees',
    'EES document',
  ]);
  const [link] = await portal.services.links.of('EES', 'EES-1');
  await portal.services.links.settle(verdict(link!.reference, { colour: 'white' }), ['border-authority']);
  for (const number of ['NEW1', 'OLD1']) {
    const together = await asked(portal, number);
    assert.deepEqual(
      together.map(({ source, differs }) => `${source} ${differs?.join(' ') ?? 'agrees'}`).toSorted(),
      ['CIR agrees', 'EES agrees'],
      number,
    );
    for (const { facts } of together) {
      if ('usedDays' in facts) assert.deepEqual([facts.reference, facts.incomplete], ['EES-2', true]);
      if ('files' in facts)
        assert.deepEqual(
          [facts.files.map(({ reference }) => reference), facts.links?.[0]?.colour],
          [['EES-1', 'EES-2'], 'white'],
        );
    }
  }
});

test('a green link and a red one leave two files two', async () => {
  for (const colour of ['green', 'red'] as const) {
    await using portal = await nearPortal();
    await twice(portal);
    const [link] = await portal.services.links.of('EES', 'EES-1');
    await portal.services.links.settle(verdict(link!.reference, { colour }), ['border-authority']);
    assert.deepEqual(await portal.services.links.joined('EES', 'EES-1'), []);
    assert.equal((await asked(portal, 'NEW1')).length, 4);
  }
});

test('a yellow link is to be verified within 12 hours of its making, and is overdue after that', async () => {
  await using portal = await nearPortal();
  await twice(portal);
  const [link] = await portal.services.links.of('EES', 'EES-1');
  const at = (hours: number) => new Date(Date.parse(link!.madeAt) + hours * 3_600_000);
  const waiting = async (hours: number) => (await waitingLinks(portal.database, at(hours)))[0];
  assert.deepEqual([(await waiting(11.9))?.overdue, (await waiting(12.1))?.overdue], [false, true]);
  assert.equal((await waiting(0))?.verifyBy, at(12).toISOString());
  const shown = (await asked(portal, 'NEW1')).flatMap(({ facts }) => ('files' in facts ? (facts.links ?? []) : []));
  assert.deepEqual(shown[0], { reference: link!.reference, colour: 'yellow', verifyBy: at(12).toISOString() });
  await portal.services.links.settle(verdict(link!.reference), ['border-authority']);
  assert.equal(await waiting(13), undefined);
});

test('a kiosk’s verdict: who may is decided by certificate and profile, every one is logged, and a lost answer costs nothing', async () => {
  await using portal = await nearPortal();
  await twice(portal);
  const { links, linkLog } = portal.services;
  const [link] = await links.of('EES', 'EES-1');
  const say = async (body: unknown) => {
    const response = await portal.post(JSON.stringify(body), undefined, '/v1/links');
    return [response.status, await response.json()];
  };
  const white = verdict(link!.reference, { colour: 'white', explanation: 'My passport was renewed' });
  assert.deepEqual(await say({ ...white, explanation: '' }), [422, { refused: 'verdict-malformed' }]);
  assert.deepEqual(await say({ ...white, colour: 'yellow' }), [422, { refused: 'verdict-malformed' }]);
  assert.deepEqual(await say({ ...white, authority: 'customs' }), [403, { refused: 'not-authorised' }]);
  assert.deepEqual(await say({ ...white, purpose: 'curiosity' }), [403, { refused: 'not-authorised' }]);
  assert.deepEqual(await say(verdict(uuidv7())), [409, { refused: 'not-open' }]);
  assert.deepEqual(await say(white), [200, { settled: true }]);
  assert.deepEqual(await say(white), [200, { settled: true }]);
  assert.deepEqual(await say(verdict(link!.reference)), [409, { refused: 'not-open' }]);
  const lines = await linkLog.read();
  assert.deepEqual(
    lines.map(({ event, colour, staffId }) => [event, colour, staffId]),
    [
      ['refused', 'green', 'guard-7'],
      ['settled', 'white', 'guard-7'],
      ['refused', 'green', 'guard-7'],
    ],
  );
  // What was said is with the link, not in the log.
  assert.doesNotMatch(JSON.stringify(lines), /renewed/);
  const kept = await portal.database.get('SELECT explanation FROM mid_verdict');
  assert.deepEqual(kept, { explanation: 'My passport was renewed' });
  assert.equal(await linkLog.firstAltered(new Date()), undefined);
});

test('the bureau’s links cannot be given to a booth by configuration', () => {
  const configuration = exampleConfiguration();
  const [profile] = configuration.profiles;
  const settles = (whose: string) =>
    JSON.stringify({ ...configuration, profiles: [{ ...profile!, settles: [whose] }] });
  readEspConfiguration(settles('border-authority'));
  assert.throws(() => readEspConfiguration(settles('sirene')), { code: 'config.invalid' });
});
