import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ListedIdentity, NameIndex } from '../../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../../main/watchlist/watchlist.ts';
import { drawCrowd } from '../../sim/names/crowd.ts';
import { foreigners, misspelt, strangers } from '../../sim/names/questions.ts';
import { synthesize } from '../../sim/names/random.ts';

/** The least share of each kind of question that has to be found at the kiosk's threshold. */
const least: Readonly<Record<string, number>> = {
  none: 1,
  'one edit': 0.98,
  'two edits': 0.9,
  'two letters misread': 0.95,
  'cut off by the zone': 0.98,
  'surname and given names crossed': 0.99,
  'given name left out': 0.93,
  'second surname left out': 0.93,
  'given name as its initial': 0.97,
  'words joined': 0.94,
  'particles left out': 0.98,
  'year of birth only': 0.99,
  'day and month crossed': 0.99,
  'one digit of the year': 0.99,
  'no birth date': 0.97,
  Cyrillic: 0.97,
  Greek: 0.97,
  Arabic: 0.95,
  Hebrew: 0.95,
  // Hong Kong's given names are not found from characters or Pinyin.
  Chinese: 0.85,
  Korean: 0.95,
};

test('among four thousand identities of many languages those who are listed are found', (t) => {
  const random = synthesize(11);
  const crowd = drawCrowd(4000, random);
  const foreign = foreigners(crowd.length, random, 60);
  const listed = [...crowd, ...foreign.listed];
  const index = new NameIndex(listed);
  const key = (identity: ListedIdentity) => JSON.stringify(identity);
  const found = new Map<string, boolean[]>();
  for (const { kind, query, identity } of [...misspelt(crowd, random, 120), ...foreign.questions]) {
    const own = key(listed[identity]!);
    const hit = index.search(query, defaultNameThreshold, 20).some((match) => key(listed[match.identity]!) === own);
    const what = kind.split(', ')[0]!;
    found.set(what, [...(found.get(what) ?? []), hit]);
  }
  assert.deepEqual([...found.keys()].toSorted(), Object.keys(least).toSorted());
  for (const [kind, hits] of found) {
    const share = hits.filter(Boolean).length / hits.length;
    t.diagnostic(`${kind}: ${share.toFixed(3)} of ${hits.length}`);
    assert.ok(share >= least[kind]!, `${kind}: ${share}`);
  }
});

test('who is not listed is hardly ever found', (t) => {
  const index = new NameIndex(drawCrowd(4000, synthesize(12)));
  const travellers = strangers(500, synthesize(13));
  const hit = travellers.filter((traveller) => index.search(traveller, defaultNameThreshold).length > 0).length;
  t.diagnostic(`${hit} of ${travellers.length}`);
  assert.ok(hit <= 3);
});

test('everybody is found by his own name, and the same search gives the same answer', () => {
  const crowd = drawCrowd(1500, synthesize(14));
  const index = new NameIndex(crowd);
  for (let at = 0; at < crowd.length; at += 4) {
    const identity = crowd[at]!;
    const matches = index.search(identity, defaultNameThreshold);
    assert.ok(
      matches.some((match) => match.identity === at),
      `${identity.surname}, ${identity.givenNames}`,
    );
    assert.deepEqual(index.search(identity, defaultNameThreshold), matches);
    assert.deepEqual(index.search(identity, defaultNameThreshold, 1), matches.slice(0, 1));
  }
});
