import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchQuery } from '../../main/contract/search.ts';
import { drawBiometrics, probesOf } from '../sim/central/biometrics.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { drawPopulation, type Resident, settle } from '../sim/central/population.ts';
import { linesOf, type NearPortal, nearPortal, queryOf } from './portal.ts';

const today = new Date().toISOString().slice(0, 10);
const [first, second] = drawPopulation(4, 2, today);
const stays = [[today]] as const;
const guest: Resident = { ...first!, visa: false, authorisation: true, alerts: ['arrest'], lost: false, stays };
const holder: Resident = { ...second!, visa: true, authorisation: false, alerts: [], lost: false, stays };

/** A question with what a person gives at another occasion, and another document or none. */
function ask(
  person: number,
  types: readonly ('document' | 'identity' | 'finger' | 'face')[],
  papers: Resident = { ...guest, document: { number: 'NEW123456', issuingState: 'BRA' } },
): SearchQuery {
  const { document, identity, ...bare } = queryOf(papers);
  const all = { document, identity, ...probesOf(drawBiometrics(person, 2)) };
  const given = Object.fromEntries(Object.entries(all).filter(([type]) => types.includes(type as 'face')));
  return { ...bare, dataTypes: [...types], ...given };
}

async function settled(portal: NearPortal, ...residents: readonly Resident[]): Promise<void> {
  const { registers, sbms } = portal.services;
  for (const resident of residents) await settle(registers, resident, today, sbms);
  await sbms.follow();
}

const said = async (portal: NearPortal, query: SearchQuery) =>
  Object.fromEntries(
    linesOf(await portal.ask(query)).flatMap((line) => {
      if (line.kind === 'END') return [];
      const how =
        'agrees' in line ? `${line.agrees?.join('+')}${line.differs ? `, not ${line.differs.join('+')}` : ''}` : '';
      return [[line.source, `${line.kind} ${how}`.trim()]];
    }),
  );

test('who has a new passport is found by fingers or face in every system that knows them, and in no other', async () => {
  await using portal = await nearPortal();
  await settled(portal, guest, holder);
  for (const types of [['finger'], ['face'], ['finger', 'face']] as const) {
    const how = types.join('+');
    assert.deepEqual(await said(portal, ask(guest.number, types)), {
      EES: `HIT ${how}`,
      VIS: 'NO_HIT',
      SIS: `HIT ${how}`,
      CIR: `HIT ${how}`,
    });
  }
  // The fingers of a visa holder are in VIS alone.
  const both = ask(holder.number, ['finger', 'face']);
  assert.deepEqual(await said(portal, both), {
    EES: 'HIT face',
    VIS: 'HIT finger+face',
    SIS: 'NO_HIT',
    CIR: 'HIT finger+face',
  });
  assert.deepEqual(await said(portal, ask(99, ['finger', 'face'])), {
    EES: 'NO_HIT',
    VIS: 'NO_HIT',
    SIS: 'NO_HIT',
    CIR: 'NO_HIT',
  });
});

test('another person with somebody’s passport: the file is told, and that it is another’s', async () => {
  await using portal = await nearPortal();
  await settled(portal, guest);
  const lines = await said(portal, ask(99, ['document', 'identity', 'finger', 'face'], guest));
  assert.equal(lines['EES'], 'HIT document+identity, not finger+face');
  assert.equal(lines['CIR'], 'HIT document+identity, not finger+face');
  assert.equal(lines['SIS'], 'HIT identity, not finger+face');
  const own = await said(portal, ask(guest.number, ['document', 'finger', 'face'], guest));
  assert.equal(own['EES'], 'HIT document+finger+face');
});

test('without biometrics a file says what is another’s: a document under another name, a name in another document', async () => {
  await using portal = await nearPortal();
  await settled(portal, guest);
  const differing = async (papers: Partial<Resident>) =>
    Object.fromEntries(
      linesOf(await portal.ask(queryOf({ ...guest, ...papers }))).flatMap((line) =>
        line.kind === 'HIT' && !('agrees' in line) ? [[line.source, line.differs ?? []]] : [],
      ),
    );
  const agreed = await differing({});
  assert.deepEqual([agreed['EES'], agreed['CIR']], [[], []]);
  const renamed = await differing({ identity: { ...guest.identity, surname: 'ANOTHER' } });
  assert.deepEqual([renamed['EES'], renamed['CIR']], [['identity'], ['identity']]);
  const renewed = await differing({ document: { number: 'NEW123456', issuingState: 'BRA' } });
  assert.deepEqual([renewed['EES'], renewed['CIR']], [['document'], ['document']]);
});

test('biometrics go to systems that have such, and no answer holds a score or a template', async () => {
  await using portal = await nearPortal();
  await settled(portal, guest);
  const query = ask(guest.number, ['document', 'finger', 'face'], guest);
  const answer = await portal.ask(query);
  assert.ok(!/score|rate|template/.test(answer), answer);
  for (const { template } of [...query.finger!, query.face!]) assert.ok(!answer.includes(template.slice(0, 40)));
  const log = JSON.stringify(await portal.services.log.read());
  for (const { template } of [...query.finger!, query.face!]) assert.ok(!log.includes(template.slice(0, 40)));
});

test('what biometrics would find and the asker may not see cannot be told from nothing, by a byte', async () => {
  const configuration = exampleConfiguration();
  const [profile] = configuration.profiles;
  const { SIS: kinds, VIS: _, ...others } = profile!.sees;
  const seen = kinds!.filter((kind) => kind !== 'arrest');
  const profiles = [{ ...profile!, sees: { ...others, SIS: seen, CIR: ['VIS'] } }];
  const answers: string[] = [];
  for (const residents of [[guest], []]) {
    await using portal = await nearPortal({ profiles });
    // A visible one of somebody else, so that both have something.
    await settled(portal, ...residents, { ...holder, alerts: ['judicial'] });
    const answer = await portal.ask({ ...ask(guest.number, ['finger', 'face']), sources: ['SIS', 'CIR', 'VIS'] });
    // Which source is the first to answer is chance.
    answers.push(
      answer
        .split('\n')
        .toSorted((one, other) => one.localeCompare(other))
        .join('\n'),
    );
  }
  assert.equal(answers[0], answers[1]);
  assert.match(answers[0]!, /"SIS","kind":"NO_HIT"/);
});

test('templates that are none are refused before anybody is asked', async () => {
  await using portal = await nearPortal();
  const query = ask(guest.number, ['finger', 'face']);
  const broken = Buffer.alloc(300, 7).toString('base64');
  for (const bad of [
    { ...query, finger: [{ ...query.finger![0]!, template: broken }] },
    { ...query, face: { ...query.face!, template: broken } },
  ]) {
    const response = await portal.post(JSON.stringify(bad));
    assert.deepEqual([response.status, await response.json()], [422, { refused: 'query-malformed' }]);
  }
  assert.equal((await portal.services.log.head()).length, 0);
});

test('a poor image finds what it finds, but never says that nothing is there', async () => {
  await using portal = await nearPortal();
  await settled(portal, guest);
  const { finger, ...query } = ask(99, ['finger']);
  const poor = finger!.map((each) => ({ ...each, quality: 10 }));
  const lines = linesOf(await portal.ask({ ...query, finger: poor }));
  assert.ok(lines.some((line) => line.kind === 'PARTIAL'));
  assert.ok(!lines.some((line) => line.kind === 'NO_HIT'));
});
