import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkConfig } from '../../main/config/config.ts';
import { SearchSettings } from '../../main/config/search-settings.ts';
import { Reason } from '../../main/contract/crossing.ts';
import type { Findings, SourceState } from '../../main/contract/findings.ts';
import { isSilent, SearchAction, type SearchHit, SearchSource, silentActions } from '../../main/contract/search.ts';
import { joined } from '../../main/search/joined.ts';
import { judge, type Policy, treatmentOf } from '../../main/search/verdict.ts';
import { exampleConfig } from '../sim/demo/example-config.ts';
import { arrest, discreet, dossier, stay } from './lines-of.ts';

const asked = { authority: 'border-police', purpose: 'border-check-entry' };
const defaults = SearchSettings.parse(asked);
const easy = SearchSettings.parse({
  ...asked,
  required: [],
  treatments: {
    'consult-dossier': 'pass',
    'visa-valid': 'pass',
    'authorisation-valid': 'pass',
    'consult-identity': 'pass',
  },
});

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

test('every hit calls the guard unless it is said otherwise, but for a discreet check, which must not be noticed', () => {
  for (const action of SearchAction.options) {
    const hit = { ...arrest, action };
    assert.equal(treatmentOf(hit, defaults.treatments), action === 'discreet-check' ? 'notice' : 'refer', action);
  }
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
  const needed = { ...exampleConfig({ stateDir: 's', credentials: 'c', centralPort: 9 }) };
  assert.throws(
    () => checkConfig({ ...needed, search: { ...asked, sources: ['SIS'], required: ['EES'] } }, '/k.json'),
    {
      code: 'config.invalid',
    },
  );
});

test('a file passes only while all that it says is in order', () => {
  assert.deepEqual(codes([dossier], easy), []);
  const not: object[] = [{ overBy: 1 }, { unlawfulDays: 1 }, { daysLeft: 0 }, { daysLeft: -3 }, { incomplete: true }];
  for (const facts of not)
    assert.deepEqual(codes([{ ...dossier, facts: { reference: 'EES-1', ...stay, ...facts } } as SearchHit], easy), [
      'portal-finding EES',
    ]);
  const differing: SearchHit = { ...dossier, agrees: ['document'], differs: ['finger'] };
  assert.deepEqual(codes([differing], easy), ['portal-finding EES']);
  assert.deepEqual(codes([{ ...dossier, agrees: ['face'] }], easy), ['portal-finding EES']);
  assert.deepEqual(codes([{ ...dossier, agrees: ['document', 'face'] }], easy), []);
  const identity = (colour: string): SearchHit =>
    ({
      source: 'CIR',
      kind: 'HIT',
      action: 'consult-identity',
      facts: { reference: 'CIR-1', files: [], links: [{ reference: '0197e0a0-0000-7000-8000-00000000000a', colour }] },
    }) as SearchHit;
  assert.deepEqual(
    ['white', 'green', 'yellow', 'red'].map((colour) => codes([identity(colour)], easy).length),
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
