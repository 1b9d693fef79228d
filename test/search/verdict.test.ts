import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkConfig } from '../../main/config/config.ts';
import { SearchSettings } from '../../main/config/search-settings.ts';
import { Reason } from '../../main/contract/crossing.ts';
import type { Findings, SourceState } from '../../main/contract/findings.ts';
import {
  isSilent,
  type LinkColour,
  SearchAction,
  type SearchHit,
  SearchSource,
  silentActions,
} from '../../main/contract/search.ts';
import { joined } from '../../main/search/joined.ts';
import { judge, type Policy, treatmentOf } from '../../main/search/verdict.ts';
import { exampleConfig } from '../sim/demo/example-config.ts';
import { arrest, discreet, dossier, stay } from './lines-of.ts';

const asked = { authority: 'border-police', purpose: 'border-check-entry' };
const defaults = SearchSettings.parse(asked);

const found = (hits: readonly SearchHit[], state: SourceState = 'complete'): Findings => ({
  rung: 'portal',
  ended: true,
  sources: SearchSource.options.map((source) => ({
    source,
    state,
    by: 'portal',
    hits: hits.filter((hit) => hit.source === source),
  })),
});
const codes = (hits: readonly SearchHit[], policy: Policy = defaults, state?: SourceState) =>
  judge(found(hits, state), policy).reasons.map(({ code, detail }) => `${code} ${detail}`);

test('where all that are needed have said that nothing is there, there is no reason to refer', () => {
  assert.deepEqual(judge(found([]), defaults), { reasons: [], notices: [] });
});

test('a needed source that has not told all refers, each in its own words; all are needed unless said otherwise', () => {
  const states: [SourceState, string][] = [
    ['unavailable', 'portal-unavailable'],
    ['unnamed', 'portal-unavailable'],
    ['partial', 'portal-partial'],
    ['waiting', 'portal-late'],
  ];
  for (const [state, code] of states)
    assert.deepEqual(
      codes([], defaults, state),
      SearchSource.options.map((source) => `${code} ${source}`),
    );
  assert.deepEqual(codes([], { ...defaults, required: ['SIS'] }, 'unavailable'), ['portal-unavailable SIS']);
  assert.deepEqual(judge({ rung: 'local', ended: true, sources: [] }, { ...defaults, required: ['SIS'] }).reasons, [
    { code: 'portal-unavailable', detail: 'SIS' },
  ]);
});

const reference = { reference: 'CIR-1', files: [{ system: 'EES', reference: 'EES-1' }] };
const identity: SearchHit = { source: 'CIR', kind: 'HIT', action: 'consult-identity', facts: reference };
const visa: SearchHit = {
  source: 'VIS',
  kind: 'HIT',
  action: 'visa-valid',
  facts: { sticker: 'V-1', validFrom: '2026-01-01', validUntil: '2026-12-31', days: 90, entries: 'many' },
};
const authorisation: SearchHit = {
  source: 'ETIAS',
  kind: 'HIT',
  action: 'authorisation-valid',
  facts: { validUntil: '2027-01-01' },
};

test('who is known, and in order everywhere, is nobody to call the guard for: nothing has to be configured for that', () => {
  assert.deepEqual(judge(found([dossier, visa, authorisation, identity]), defaults), { reasons: [], notices: [] });
});

/** What each kind of hit does where nothing is configured, and which kind of check that asks of the guard (R17, R18, R19). */
const treatments: readonly [SearchHit, 'pass' | 'notice' | 'refer', string?][] = [
  [dossier, 'pass'],
  [identity, 'pass'],
  [visa, 'pass'],
  [authorisation, 'pass'],
  [{ ...dossier, action: 'check-overstay' }, 'refer', 'portal-finding'],
  [{ ...visa, action: 'visa-not-valid' }, 'refer', 'portal-finding'],
  [{ ...authorisation, action: 'authorisation-not-valid' }, 'refer', 'portal-finding'],
  [{ ...arrest, action: 'refuse-entry' }, 'refer', 'portal-hit'],
  [arrest, 'refer', 'portal-hit'],
  [{ ...arrest, action: 'protect' }, 'refer', 'portal-hit'],
  [{ ...arrest, action: 'locate' }, 'refer', 'portal-hit'],
  [{ ...arrest, action: 'seize-document' }, 'refer', 'portal-hit'],
  [{ source: 'SLTD', kind: 'HIT', action: 'inspect-document', facts: {} }, 'refer', 'portal-hit'],
  [discreet, 'notice'],
  [{ ...discreet, kind: 'HIT' }, 'notice'],
  [{ ...discreet, action: 'inquiry-check' }, 'refer', 'portal-silent-hit'],
  [{ ...discreet, action: 'specific-check' }, 'refer', 'portal-silent-hit'],
];

test('every action of every source does what the table says, and no action is left out of it', () => {
  for (const [hit, treatment, code] of treatments) {
    const name = `${hit.source} ${hit.kind} ${hit.action}`;
    assert.equal(treatmentOf(hit, defaults.treatments), treatment, name);
    const { reasons, notices } = judge(found([hit]), defaults);
    assert.deepEqual(
      reasons.map((reason) => reason.code),
      code ? [code] : [],
      name,
    );
    assert.deepEqual(
      notices.map((notice) => notice.code),
      treatment === 'notice' ? ['portal-silent-hit'] : [],
      name,
    );
  }
  assert.deepEqual(new Set(treatments.map(([{ action }]) => action)), new Set(SearchAction.options));
  // Under an action that is in order in its own system an alert is an alert all the same.
  for (const action of SearchAction.options)
    assert.notEqual(treatmentOf({ ...arrest, action }, defaults.treatments), 'pass', action);
});

test('discreet, inquiry and specific checks are silent whatever the source calls them, and ask for different things', () => {
  for (const action of silentActions) assert.ok(isSilent({ ...arrest, action, kind: 'HIT' }));
  const { reasons, notices } = judge(found([discreet]), defaults);
  assert.deepEqual([reasons, notices], [[], [{ code: 'portal-silent-hit', detail: 'SIS', alert: 'SIS-2' }]]);
  for (const action of ['inquiry-check', 'specific-check'] as const)
    assert.deepEqual(codes([{ ...discreet, action }]), ['portal-silent-hit SIS']);
  // A silent hit of any other kind is a referral like others.
  assert.deepEqual(codes([{ ...arrest, kind: 'SILENT_HIT' }]), ['portal-silent-hit SIS']);
});

test('configuration can let files in order pass and nothing else; an alert can only call the guard', () => {
  const file = (treatments: object) => {
    const config = exampleConfig({ stateDir: 's', credentials: 'c', centralPort: 9 });
    return () => checkConfig({ ...config, search: { ...asked, treatments } }, '/k.json');
  };
  const may: Partial<Record<SearchAction, string>> = {
    'consult-dossier': 'pass',
    'visa-valid': 'pass',
    'authorisation-valid': 'pass',
    'consult-identity': 'pass',
    'discreet-check': 'notice',
  };
  for (const action of SearchAction.options)
    for (const treatment of ['refer', 'notice', 'pass']) {
      if (treatment === 'refer' || may[action] === treatment) file({ [action]: treatment })();
      else assert.throws(file({ [action]: treatment }), { code: 'config.invalid' }, `${action} ${treatment}`);
    }
  assert.equal(file({ 'discreet-check': 'refer' })().search?.treatments['discreet-check'], 'refer');
  assert.equal(file({ 'consult-dossier': 'refer' })().search?.treatments['consult-dossier'], 'refer');
  const needed = { ...exampleConfig({ stateDir: 's', credentials: 'c', centralPort: 9 }) };
  assert.throws(
    () => checkConfig({ ...needed, search: { ...asked, sources: ['SIS'], required: ['EES'] } }, '/k.json'),
    {
      code: 'config.invalid',
    },
  );
});

test('a file passes only while all that it says is in order', () => {
  assert.deepEqual(codes([dossier]), []);
  const not: object[] = [{ overBy: 1 }, { unlawfulDays: 1 }, { daysLeft: 0 }, { daysLeft: -3 }, { incomplete: true }];
  for (const facts of not)
    assert.deepEqual(codes([{ ...dossier, facts: { reference: 'EES-1', ...stay, ...facts } } as SearchHit]), [
      'portal-finding EES',
    ]);
  const differing: SearchHit = { ...dossier, agrees: ['document'], differs: ['finger'] };
  assert.deepEqual(codes([differing]), ['portal-finding EES']);
  for (const differs of [['document'], ['identity'], ['face']] as const) {
    const others = { agrees: ['identity', 'document', 'face'] as const, differs: [...differs] };
    assert.deepEqual(
      codes([{ ...dossier, ...others, agrees: [...others.agrees] }]),
      ['portal-finding EES'],
      differs[0],
    );
    assert.deepEqual(codes([{ ...identity, differs: [...differs] }]), ['portal-finding CIR'], differs[0]);
  }
  assert.deepEqual(codes([{ ...dossier, agrees: ['face'] }]), ['portal-finding EES']);
  assert.deepEqual(codes([{ ...dossier, agrees: ['document', 'face'] }]), []);
  const linked = (colour: LinkColour): SearchHit => ({
    ...identity,
    facts: { ...reference, links: [{ reference: '0197e0a0-0000-7000-8000-00000000000a', colour }] },
  });
  assert.deepEqual(
    (['white', 'green', 'yellow', 'red'] as const).map((colour) => codes([linked(colour)]).length),
    [0, 0, 1, 1],
  );
});

test('a reason is a source and a reference, and a record takes it whatever the source sent', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 500 }), fc.constantFrom(...SearchAction.options), (reference, action) => {
      const { reasons } = judge(found([{ ...arrest, action, facts: { reference } } as SearchHit]), defaults);
      for (const reason of reasons) {
        assert.ok(Reason.safeParse(reason).success);
        assert.deepEqual(Object.keys(reason).toSorted(), ['alert', 'code', 'detail']);
      }
    }),
  );
});

test('of two questions the worse state counts, and the later word on a file', () => {
  const later: SearchHit = { ...dossier, agrees: ['document'], differs: ['face'] };
  const first = found([dossier, arrest]);
  const second: Findings = {
    ...found([later], 'partial'),
    rung: 'direct',
    sources: [{ source: 'EES', state: 'partial', by: 'direct', hits: [later] }],
  };
  const both = joined([first, second]);
  assert.equal(both.rung, 'direct');
  assert.deepEqual(both.sources[0], { source: 'EES', state: 'partial', by: 'direct', hits: [later] });
  assert.deepEqual(both.sources.find(({ source }) => source === 'SIS')?.hits, [arrest]);
});
