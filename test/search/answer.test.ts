import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SearchSource, type SearchLine } from '../../main/contract/search.ts';
import { type Answer, hear, unheard } from '../../main/search/answer.ts';
import { maxLineBytes, readLines } from '../../main/search/lines.ts';
import { standing } from '../../main/search/standing.ts';
import { arrest, arriving, caseId as id, dossier, end, none, unavailable, written } from './lines-of.ts';

const asked: readonly SearchSource[] = ['EES', 'SIS', 'SLTD'];
const heardAll = (...lines: SearchLine[]) =>
  lines.reduce<Answer | undefined>((answer, line) => answer && hear(answer, line), unheard(id, asked));

async function read(...pieces: Uint8Array[]): Promise<SearchLine[]> {
  const lines: SearchLine[] = [];
  for await (const line of readLines(arriving(...pieces))) lines.push(line);
  return lines;
}

test('lines are read whatever pieces they come in', async () => {
  const lines = [dossier, none('SIS'), unavailable('SLTD'), end(id, { EES: 'complete', SIS: 'complete' })];
  const bytes = written(...lines);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((to, index) => bytes.subarray(at[index], to));
      assert.deepEqual(await read(...pieces), lines);
    }),
  );
});

test('a last line without its end is one that was cut off, and says nothing', async () => {
  const bytes = written(none('SIS'), none('EES'));
  assert.deepEqual(await read(bytes.subarray(0, -1)), [none('SIS')]);
});

test('what is no line of the contract is a fault, and so is a line or an answer without end', async () => {
  const text = (value: string) => new TextEncoder().encode(value);
  const bad = [
    text('no json\n'),
    text('\n'),
    text('{"source":"SIS","kind":"NO_HIT","extra":1}\n'),
    text('{"source":"EUROPOL","kind":"NO_HIT"}\n'),
    text('{"kind":"NO_HIT"}\n'),
    Uint8Array.of(0xff, 0x0a),
    text('['.repeat(maxLineBytes + 1)),
    text(`"${'x'.repeat(maxLineBytes)}"\n`),
    written(...Array.from({ length: 2000 }, () => none('SIS'))),
  ];
  for (const bytes of bad) await assert.rejects(read(bytes), { code: 'search.malformed' });
});

test('an answer that contradicts itself, or what was asked, is not believed', () => {
  const whole = end(id, { EES: 'complete', SIS: 'complete', SLTD: 'unavailable' });
  const told: SearchLine[] = [dossier, none('SIS'), unavailable('SLTD')];
  assert.equal(heardAll(...told, whole)?.whole, true);
  const bad: SearchLine[][] = [
    [none('VIS')],
    [none('SIS'), none('SIS')],
    [none('SIS'), arrest],
    [arrest, none('SIS')],
    [unavailable('SIS'), none('SIS')],
    [whole],
    [...told, end('0197e0a0-0000-7000-8000-000000000009', { EES: 'complete', SIS: 'complete', SLTD: 'unavailable' })],
    [...told, end(id, { EES: 'complete', SIS: 'complete' })],
    [...told, end(id, { EES: 'complete', SIS: 'complete', SLTD: 'complete' })],
    [...told, end(id, { EES: 'complete', SIS: 'partial', SLTD: 'unavailable' })],
    [...told, whole, none('EES')],
    [...told, whole, whole],
  ];
  for (const lines of bad) assert.equal(heardAll(...lines), undefined, JSON.stringify(lines));
});

test('of an answer cut off counts what was told; of one that broke the contract only its hits; silence is never nothing found', () => {
  const answer = heardAll(arrest, none('EES'))!;
  const states = (how: 'whole' | 'cut' | 'broken' | 'dead' | 'refused') =>
    standing(asked, [{ by: 'portal', answer, how }], true).sources.map(({ state, hits }) => [state, hits.length]);
  assert.deepEqual(states('cut'), [
    ['complete', 0],
    ['partial', 1],
    ['unavailable', 0],
  ]);
  assert.deepEqual(states('broken'), [
    ['unavailable', 0],
    ['partial', 1],
    ['unavailable', 0],
  ]);
  assert.deepEqual(
    standing(asked, [], true).sources.map(({ state }) => state),
    ['unavailable', 'unavailable', 'unavailable'],
  );
});

test('any bytes at all make no source say that nothing is there, unless that very line came', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .constantFrom(
        none('EES'),
        none('SIS'),
        none('VIS'),
        arrest,
        dossier,
        unavailable('SLTD'),
        { source: 'SIS', kind: 'PARTIAL' },
        end(id, { EES: 'complete' }),
        end(id, { EES: 'complete', SIS: 'complete', SLTD: 'complete' }),
        null,
        { source: 'SIS', kind: 'NO_HIT', hits: [] },
      )
      .map((line) => written(line)),
    fc.string({ maxLength: 20 }).map((text) => new TextEncoder().encode(`${text}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.boolean(), async (pieces, cut) => {
      let answer = unheard(id, asked);
      let how: 'cut' | 'broken' = 'cut';
      try {
        for await (const line of readLines(arriving(...pieces))) {
          const next = hear(answer, line);
          if (!next) throw Object.assign(new Error('contradiction'), { code: 'search.malformed' });
          answer = next;
        }
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'search.malformed');
        how = 'broken';
      }
      const ended = how === 'cut' && answer.whole && !cut ? 'whole' : how;
      const sent = Buffer.concat(pieces).toString('latin1');
      for (const { source, state, hits } of standing(asked, [{ by: 'portal', answer, how: ended }], true).sources)
        if (state === 'complete' && hits.length === 0)
          assert.ok(ended !== 'broken' && sent.includes(`{"source":"${source}","kind":"NO_HIT"}\n`));
    }),
    { numRuns: 2000 },
  );
});
