import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { type Central, openCentral } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import type { Behaviours } from '../../central/registers/behaviour.ts';
import { maxQueryBytes, SearchRefusal } from '../../main/contract/search.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { drawPopulation, settle } from '../sim/central/population.ts';
import { type Field, layField, ship } from '../uplink/field.ts';
import { crossingRecord } from '../uplink/records.ts';
import { runs } from './place.ts';
import { linesOf, nearPortal, queryOf } from './portal.ts';

const today = new Date().toISOString().slice(0, 10);
const [resident] = drawPopulation(4, 1, today);
const query = queryOf(resident!);
const face = (bytes: number) => {
  const made = { model: 'mobilefacenet', version: '1', quality: 90 };
  return { ...made, template: Buffer.alloc(bytes).toString('base64') };
};

test('questions of every bad kind are refused by name, and nothing of them comes back or is logged', async () => {
  await using portal = await nearPortal();
  const { document, identity, ...bare } = query;
  const marked = { ...query, document: { number: 'PLANTEDMARKER', issuingState: 'UTO' } };
  const bodies: [string, number, string][] = [
    ['', 422, 'query-malformed'],
    ['PLANTEDMARKER', 422, 'query-malformed'],
    ['['.repeat(16_000), 422, 'query-malformed'],
    [JSON.stringify([marked]), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, version: 2 }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, extra: 'PLANTEDMARKER' }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, purpose: undefined }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, staffId: 'two words' }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, dataTypes: ['identity'] }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, dataTypes: ['identity', 'document', 'identity'] }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, sources: ['EUROPOL'] }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, identity: { ...identity, surname: '%' } }), 422, 'query-malformed'],
    [JSON.stringify({ ...bare, dataTypes: [] }), 422, 'query-malformed'],
    [JSON.stringify({ ...bare, document }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, dataTypes: [...marked.dataTypes, 'finger'], finger: [] }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, dataTypes: [...marked.dataTypes, 'face'], face: face(9000) }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, face: face(8) }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, caseId: 'x'.repeat(maxQueryBytes) }), 413, 'query-too-large'],
    [JSON.stringify({ ...marked, authority: 'customs' }), 403, 'not-authorised'],
    [JSON.stringify({ ...marked, purpose: 'curiosity' }), 403, 'not-authorised'],
    [JSON.stringify({ ...marked, purpose: '__proto__' }), 422, 'query-malformed'],
    [JSON.stringify({ ...marked, purpose: 'constructor' }), 403, 'not-authorised'],
  ];
  for (const [body, status, refused] of bodies) {
    const response = await portal.post(body);
    assert.deepEqual(
      [response.status, await response.text()],
      [status, JSON.stringify({ refused })],
      body.slice(0, 80),
    );
  }
  assert.deepEqual(await portal.services.log.read(), []);
});

test('a question with any byte changed is answered or refused, and never more than that', async () => {
  await using portal = await nearPortal();
  const body = Buffer.from(JSON.stringify(query));
  await fc.assert(
    fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const response = await portal.post(
        Buffer.from(body.map((byte, i) => (i === at ? byte ^ flip : byte))).toString('latin1'),
      );
      const answer = await response.text();
      if (response.status === 200) assert.equal(linesOf(answer).at(-1)?.kind, 'END');
      else assert.ok([403, 422].includes(response.status) && SearchRefusal.parse(JSON.parse(answer)));
    }),
    { numRuns: runs(150) },
  );
});

test('more questions than may be at a time are asked to come back', async () => {
  await using portal = await nearPortal({ maxAtOnce: 1, deadlineMs: 60_000, deadlinesMs: {} });
  portal.behaviours.set('SIS', { state: 'silent' });
  const first = await portal.post(JSON.stringify(query));
  const second = await portal.post(JSON.stringify(query));
  assert.deepEqual([second.status, second.headers.get('retry-after')], [503, '1']);
  await first.body!.cancel();
  const third = await portal.post(JSON.stringify({ ...query, sources: ['VIS'] }));
  assert.equal(third.status, 200);
  await third.text();
  assert.deepEqual(
    (await portal.services.log.read()).map(({ event }) => event),
    ['asked', 'left', 'asked', 'answered'],
  );
});

test('who does not read is not sent more: the next line is made when the one before is taken', async () => {
  await using portal = await nearPortal();
  await settle(portal.services.registers, resident!, today);
  const response = await portal.post(JSON.stringify(query));
  for (let i = 0; i < 20; i++) await setTimeout(1);
  assert.deepEqual(
    (await portal.services.log.read()).map(({ event }) => event),
    ['asked'],
  );
  await response.text();
  assert.equal((await portal.services.log.read()).at(-1)?.event, 'answered');
});

test('who holds an answer open without reading it is cut off, and holds no place', { timeout: 60_000 }, async () => {
  await using portal = await nearPortal({ maxAtOnce: 1, wholeMs: 30 });
  const response = await portal.post(JSON.stringify(query));
  while ((await portal.services.log.read()).at(-1)?.event !== 'left') await setTimeout(2);
  await assert.rejects(response.text());
  assert.equal((await portal.post(JSON.stringify(query))).status, 200);
});

let field: Field;
let central: Central;
const behaviours: Behaviours = new Map();
before(async () => {
  field = await layField();
  writeFileSync(
    join(field.pki.central, 'esp.json'),
    JSON.stringify(exampleConfiguration({ maxAtOnce: 1, deadlineMs: 60_000 })),
  );
  central = await openCentral({ ...readDirectory(field.pki.central), behaviours });
});
after(async () => {
  await central.close();
  await field[Symbol.asyncDispose]();
});

function session(folder: string, role: string): ClientHttp2Session {
  const read = (name: string) => readFileSync(join(folder, name));
  return connect(central.url, { ca: read('ca.pem'), cert: read(`${role}.pem`), key: read(`${role}.key`) });
}

function post(client: ClientHttp2Session, body: unknown) {
  const request = client.request({ ':method': 'POST', ':path': '/v1/search', 'content-type': 'application/json' });
  request.end(JSON.stringify(body));
  return request;
}

test('a kiosk is answered over the line as sources answer, and nobody else is', { timeout: 60_000 }, async () => {
  await settle(central.services.registers, resident!, today);
  behaviours.set('SIS', { state: 'silent' });
  const client = session(field.pki.kiosks['gate-1']!, 'kiosk');
  const request = post(client, query);
  const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
  assert.equal(headers[':status'], 200);
  let heard = '';
  request.setEncoding('utf8');
  // Five of six are heard while the sixth is mute; closing then ends the search at central.
  while (!['EES', 'VIS', 'ETIAS', 'SLTD', 'CIR'].every((source) => heard.includes(`"source":"${source}"`)))
    heard += ((await once(request, 'data')) as [string])[0];
  assert.ok(!heard.includes('END'));
  request.close();
  while ((await central.services.log.read()).at(-1)?.event !== 'left') await setTimeout(5);
  behaviours.clear();
  const again = post(client, query);
  const lines = linesOf(await text(again));
  assert.equal(lines.at(-1)?.kind, 'END');
  client.destroy();
  const operator = session(field.pki.operator, 'operator');
  const refused = post(operator, query);
  const [answer] = (await once(refused, 'response')) as [Record<string, unknown>];
  assert.deepEqual([answer[':status'], await text(refused)], [403, '']);
  operator.destroy();
});

test('a kiosk that is cut off in the middle of an answer leaves no search behind', { timeout: 60_000 }, async () => {
  behaviours.set('EES', { state: 'silent' });
  for (let i = 0; i < 3; i++) {
    const asked = (await central.services.log.read(0, 1000)).length;
    const client = session(field.pki.kiosks['gate-1']!, 'kiosk');
    const request = post(client, query);
    request.on('error', () => {});
    await once(request, 'response');
    client.destroy();
    while ((await central.services.log.read(0, 1000)).length < asked + 2) await setTimeout(5);
    assert.equal((await central.services.log.read(0, 1000)).at(-1)?.event, 'left');
  }
  behaviours.clear();
});

test('a crossing that was handed in is known to the portal', async () => {
  const record = crossingRecord('gate-1');
  await field.keep(record);
  const { uplink, until } = ship(field, central);
  await until(() => field.store.outbox.stats().delivered === 1);
  await uplink.stop();
  await central.services.settled();
  const client = session(field.pki.kiosks['gate-1']!, 'kiosk');
  const { document } = record;
  const { number, issuingState, surname, givenNames, birthDate } = document!;
  const asked = { document: { number, issuingState }, identity: { surname, givenNames, birthDate } };
  const lines = linesOf(await text(post(client, queryOf(asked, { sources: ['EES'] }))));
  client.destroy();
  assert.deepEqual(
    [lines[0]?.kind, 'facts' in lines[0]! && lines[0].source === 'EES' && lines[0].facts.usedDays],
    ['HIT', 1],
  );
});

test('central that is closed in the middle of an answer ends the search and logs it', { timeout: 60_000 }, async () => {
  await using own = await layField();
  writeFileSync(join(own.pki.central, 'esp.json'), JSON.stringify(exampleConfiguration({ deadlineMs: 60_000 })));
  const options = readDirectory(own.pki.central);
  const mute = await openCentral({ ...options, behaviours: new Map([['SIS', { state: 'silent' }]]) });
  const read = (name: string) => readFileSync(join(own.pki.kiosks['gate-1']!, name));
  const client = connect(mute.url, { ca: read('ca.pem'), cert: read('kiosk.pem'), key: read('kiosk.key') });
  const request = post(client, query);
  client.on('error', () => {});
  request.on('error', () => {});
  await once(request, 'response');
  await mute.close();
  client.destroy();
  const again = await openCentral(options);
  assert.deepEqual(
    (await again.services.log.read()).map(({ event }) => event),
    ['asked', 'left'],
  );
  await again.close();
});

test('a system asked directly answers as the portal would for it, by the same profile, log and silence', async () => {
  await using portal = await nearPortal();
  await settle(portal.services.registers, { ...resident!, alerts: ['discreet-check', 'arrest'] }, today);
  for (const source of ['EES', 'VIS', 'ETIAS', 'SIS', 'SLTD', 'CIR'] as const) {
    const direct = await (await portal.post(JSON.stringify(query), undefined, `/v1/systems/${source}`)).text();
    const through = await portal.ask({ ...query, sources: [source] });
    assert.equal(direct, through, source);
  }
  assert.deepEqual(
    (await portal.services.log.read(0, 1000)).map(({ event, sources }) => `${event} ${sources.join()}`),
    ['EES', 'VIS', 'ETIAS', 'SIS', 'SLTD', 'CIR'].flatMap((source) =>
      ['asked', 'answered', 'asked', 'answered'].map((event) => `${event} ${source}`),
    ),
  );
});

test('a system asked directly is asked nothing that the portal would refuse, and nothing of another system', async () => {
  await using portal = await nearPortal();
  const ask = async (body: unknown, path: string) => {
    const response = await portal.post(JSON.stringify(body), undefined, path);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await ask({ ...query, purpose: 'curiosity' }, '/v1/systems/SIS'), [
    403,
    '{"refused":"not-authorised"}',
  ]);
  assert.deepEqual(await ask({ ...query, sources: ['EES'] }, '/v1/systems/SIS'), [
    422,
    '{"refused":"query-malformed"}',
  ]);
  assert.equal((await ask(query, '/v1/systems/EUROPOL'))[0], 404);
  // Outside the profile: as if it were not there, with the same bytes as for a question that it cannot be asked.
  const exit = { ...query, purpose: 'border-check-exit' };
  const [status, lines] = await ask(exit, '/v1/systems/VIS');
  assert.deepEqual([status, lines], [200, `{"kind":"END","id":"${query.id}","sources":[]}\n`]);
});
