import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../main/contract/fault.ts';
import { openRegisters } from '../../central/registers/registers.ts';
import { addDays } from '../../central/ees/calendar.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { drawPopulation, settle } from '../sim/central/population.ts';
import { runs } from './place.ts';
import { nearPortal } from './portal.ts';

const today = '2026-11-24';
const kinds = Object.keys(exampleConfiguration().alerts);
const document = { number: 'L898902C3', issuingState: 'UTO' };
const identity = { surname: 'ERIKSSON', givenNames: 'ANNA MARIA', birthDate: '1974-08-12' };
const question = { document, identity, kinds, today };

test('a register speaks of tables of its own only', async () => {
  const folder = new URL('../../central/registers/', import.meta.url);
  for (const name of readdirSync(folder)) {
    const register = name.replace(/\.ts$/, '');
    const text = readFileSync(new URL(name, folder), 'utf8');
    const tables = [...text.matchAll(/\b(?:FROM|INTO|UPDATE|JOIN|TABLE IF NOT EXISTS|ON) ([a-z]+_[a-z_]+)/g)];
    if (!['cir', 'ees', 'etias', 'sis', 'sltd', 'vis'].includes(register)) assert.deepEqual(tables, [], name);
    else {
      assert.ok(tables.length > 1, name);
      for (const [, table] of tables) assert.ok(table!.startsWith(`${register}_`), `${name}: ${table}`);
    }
  }
});

test('documents and names match exactly, whatever fillers, spaces or hyphens are between', async () => {
  await using portal = await nearPortal();
  const { sis } = portal.services.registers;
  const enter = (reference: string, more: object) =>
    sis.enter({ reference, kind: 'arrest', expiresOn: '2027-01-01', identities: [], documents: [], ...more });
  await enter('name', { identities: [identity] });
  await enter('paper', { documents: [document] });
  const found = async (asked: object) =>
    (await sis.search({ kinds, today, ...asked })).map(({ hit }) => 'reference' in hit.facts && hit.facts.reference);
  assert.deepEqual(await found({ document, identity }), ['name', 'paper']);
  assert.deepEqual(await found({ document: { number: 'L898902-C3<', issuingState: 'UTO' } }), ['paper']);
  assert.deepEqual(await found({ identity: { ...identity, givenNames: 'ANNA<MARIA<<' } }), ['name']);
  for (const other of [
    { document: { ...document, number: 'L898902C4' } },
    { document: { ...document, issuingState: 'D<<' } },
    { identity: { ...identity, givenNames: 'ANNA' } },
    { identity: { ...identity, surname: 'ERIKSON' } },
    { identity: { ...identity, birthDate: '1974-08' } },
    {},
  ])
    assert.deepEqual(await found(other), [], JSON.stringify(other));
});

test('an alert that has run out, or of a kind not asked for, is not found', async () => {
  await using portal = await nearPortal();
  const { sis } = portal.services.registers;
  await sis.enter({ reference: 'a', kind: 'arrest', expiresOn: today, identities: [identity], documents: [] });
  assert.equal((await sis.search(question)).length, 1);
  assert.equal((await sis.search({ ...question, today: addDays(today, 1) })).length, 0);
  assert.equal((await sis.search({ ...question, kinds: ['missing'] })).length, 0);
});

test('an alert nobody has said what to do about is refused, when it is entered and when the register opens', async () => {
  await using portal = await nearPortal();
  const { sis } = portal.services.registers;
  const alert = { reference: 'a', expiresOn: today, identities: [identity], documents: [] };
  const refused = (error: unknown) => error instanceof Fault && error.code === 'config.invalid';
  for (const kind of ['vendetta', 'constructor']) await assert.rejects(sis.enter({ ...alert, kind }), refused);
  await sis.enter({ ...alert, kind: 'arrest' });
  const { arrest: _, ...others } = exampleConfiguration().alerts;
  await assert.rejects(openRegisters(portal.database, others), refused);
});

test('a visa or an authorisation is valid on its days only, and not when it was taken back', async () => {
  await using portal = await nearPortal();
  const { vis, etias } = portal.services.registers;
  const visa = { sticker: 'V1', document, validFrom: '2026-11-01', validUntil: '2026-11-30', days: 10, entries: 1 };
  await vis.issue(visa);
  await etias.decide({ reference: 'E1', document, validUntil: '2026-11-30', status: 'issued' });
  const actions = async (day: string) =>
    [...(await vis.search({ ...question, today: day })), ...(await etias.search({ ...question, today: day }))].map(
      ({ hit }) => hit.action,
    );
  assert.deepEqual(await actions('2026-11-30'), ['visa-valid', 'authorisation-valid']);
  assert.deepEqual(await actions('2026-12-01'), ['visa-not-valid', 'authorisation-not-valid']);
  assert.deepEqual(await actions('2026-10-31'), ['visa-not-valid', 'authorisation-valid']);
  await vis.issue({ ...visa, revoked: true });
  await etias.decide({ reference: 'E1', document, validUntil: '2026-11-30', status: 'revoked' });
  assert.deepEqual(await actions('2026-11-15'), ['visa-not-valid', 'authorisation-not-valid']);
  assert.equal(await vis.holding(document, '2026-11-15'), undefined);
});

test('a drawn population is found again, each by document and by name, and nobody else', async () => {
  await using portal = await nearPortal();
  const { registers } = portal.services;
  const population = drawPopulation(11, 60, today);
  assert.deepEqual(drawPopulation(11, 60, today), population);
  await portal.database.transaction(async () => {
    for (const resident of population) await settle(registers, resident, today);
  });
  for (const { document, identity, stays, visa, authorisation, alerts, lost } of population) {
    const asked = { ...question, document, identity };
    const { document: _, ...byName } = asked;
    assert.equal((await registers.ees.search(asked)).length, Number(stays.length > 0));
    assert.equal((await registers.ees.search(byName)).length, Number(stays.length > 0));
    assert.equal((await registers.vis.search(asked)).length, Number(visa));
    assert.equal((await registers.etias.search(asked)).length, Number(authorisation));
    assert.deepEqual(new Set((await registers.sis.search(asked)).map(({ kind }) => kind)), new Set(alerts));
    assert.equal((await registers.sltd.search(document.number)).length, Number(lost));
    assert.equal((await registers.cir.search({ ...asked, kinds: ['EES', 'VIS', 'ETIAS'] })).length, 1);
  }
  const inside = population.filter(({ stays }) => stays.some(([, exit]) => exit === undefined));
  const late = (await registers.ees.overstayers(addDays(today, 200))).map(({ dossier }) => dossier.document.number);
  assert.deepEqual(late.toSorted(), inside.map(({ document }) => document.number).toSorted());
  assert.ok(inside.length > 0);
});

test('EES erases records when their time has come, the dossier when it is empty and its own has', async () => {
  await using portal = await nearPortal();
  const { ees } = portal.services.registers;
  const person = { ...identity, document: { ...document, expiryDate: '2030-01-01' }, nationality: 'UTO', sex: 'F' };
  const record = (recordId: string, direction: 'entry' | 'exit' | 'refusal', day: string) =>
    ees.record(person, { recordId, direction, day, at: `${day}T10:00:00.000Z`, place: 'gate-1', fallback: false });
  await record('1', 'entry', '2026-01-01');
  await record('2', 'exit', '2026-01-10');
  await record('3', 'refusal', '2026-02-01');
  assert.deepEqual(await ees.erase('2029-01-09'), { records: 0, dossiers: 0 });
  assert.deepEqual(await ees.erase('2029-01-10'), { records: 2, dossiers: 0 });
  assert.deepEqual(await ees.erase('2029-02-01'), { records: 1, dossiers: 0 });
  assert.equal((await ees.find({ document })).length, 1);
  assert.deepEqual(await ees.erase('2029-02-02'), { records: 0, dossiers: 1 });
  assert.equal((await ees.find({ document })).length, 0);
  await record('4', 'entry', '2026-01-01');
  const [dossier] = await ees.find({ document });
  assert.deepEqual((await ees.retention(dossier!))[0]?.retention.recordEraseOn, '2031-03-31');
});

test('EES looks only at dossiers whose day may have come, and misses none: of those that stay nothing is due', async () => {
  await using portal = await nearPortal();
  const { ees, vis } = portal.services.registers;
  const event = fc.record({
    who: fc.nat(2),
    direction: fc.constantFrom('entry', 'exit', 'refusal'),
    daysAgo: fc.nat(400),
    ofFamily: fc.boolean(),
    visaDays: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
  });
  const year = fc.record({ events: fc.array(event, { maxLength: 6 }), days: fc.integer({ min: 1, max: 900 }) });
  let [drawn, erased] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(year, { minLength: 1, maxLength: 8 }), async (years) => {
      const run = drawn++;
      let now = '2026-01-01';
      for (const { events, days } of years) {
        for (const { who, direction, daysAgo, ofFamily, visaDays } of events) {
          const day = addDays(now, -daysAgo);
          const paper = { number: `P${run}X${who}`, issuingState: 'UTO' };
          const stays = { validFrom: day, validUntil: addDays(day, 30), entries: 'many' } as const;
          if (visaDays !== undefined)
            await vis.issue({ ...stays, sticker: `V${drawn}-${day}`, document: paper, days: visaDays });
          const person = {
            ...identity,
            document: { ...paper, expiryDate: '2040-01-01' },
            nationality: 'UTO',
            sex: 'F',
          };
          const recordId = crypto.randomUUID();
          const at = `${day}T10:00:00.000Z`;
          await ees.record({ ...person, ofFamily }, { recordId, direction, at, day, place: 'gate-1', fallback: false });
        }
        now = addDays(now, days);
        erased += (await ees.erase(now)).records;
        for (const who of [0, 1, 2])
          for (const dossier of await ees.find({ document: { number: `P${run}X${who}`, issuingState: 'UTO' } }))
            for (const { retention } of await ees.retention(dossier)) assert.ok(retention.recordEraseOn > now);
      }
    }),
    { numRuns: runs(60) },
  );
  assert.ok(erased > 0);
});
