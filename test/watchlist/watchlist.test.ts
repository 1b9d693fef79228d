import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaceTemplate } from '../../main/contract/biometrics.ts';
import type { TravelDocument } from '../../main/contract/document.ts';
import { FaceGallery, galleryModel } from '../../main/biometrics/face/face-gallery.ts';
import { fingerModel } from '../../main/biometrics/finger/finger.ts';
import { FingerGallery } from '../../main/biometrics/finger/finger-gallery.ts';
import { Fault } from '../../main/contract/fault.ts';
import { Alert, type WatchlistSnapshot } from '../../main/contract/watchlist.ts';
import { readMrz } from '../../main/document/mrz.ts';
import { decodeFaceTemplate, encodeFaceTemplate } from '../../main/contract/face-template.ts';
import type { ListedFace, ListedFinger, Searcher } from '../../main/watchlist/template-list.ts';
import { openWatchlist, type Searchers } from '../../main/watchlist/watchlist.ts';
import { writeMrz } from '../sim/document/mrz.ts';
import { drawTemplate } from '../sim/finger/draw-template.ts';

const madeAt = '2026-11-24T08:00:00.000Z';
const signal = new AbortController().signal;

/** Scores by a measure; takes version 1 only, and no template that is damaged. */
function searcher<Entry extends { readonly template: { readonly version: string } }>(
  score: (one: Entry, other: Entry) => number,
  damaged: (entry: Entry) => boolean = () => false,
): Searcher<Entry> {
  let taken: (Entry & { readonly id: string })[] = [];
  return {
    takes: ({ version }) => version === '1',
    async add(entries) {
      if (entries.some(damaged)) throw new Fault('template.malformed');
      taken = [...taken, ...entries];
    },
    search: async ({ probes }) => taken.map((entry) => ({ id: entry.id, score: score(probes[0]!, entry) })),
    close: () => {
      taken = [];
    },
  };
}

/** Alike when the first byte is. */
const fingers = () =>
  searcher<ListedFinger>(
    (one, other) => (one.template.bytes[0] === other.template.bytes[0] ? 90 : 3),
    ({ template }) => template.bytes.length === 0,
  );
const faces = () =>
  searcher<ListedFace>((one, { template }) =>
    template.values.reduce((sum, value, n) => sum + value * (one.template.values[n] ?? 0), 0),
  );
const searchers: Searchers = { fingers, faces };
const settings = { fingerThreshold: 40, faceThreshold: 0.6 };

function face(angle: number, version = '1'): FaceTemplate {
  return { model: 'model', version, values: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
}
function finger(id: number, version = '1') {
  return { position: 'unknown' as const, template: { model: 'model', version, bytes: Uint8Array.of(id) } };
}

function travelDocument(number = 'C01X00T47', surname = 'MUSTERMANN'): TravelDocument {
  const reading = readMrz(
    writeMrz('TD3', {
      code: 'P',
      issuingState: 'D',
      nationality: 'D',
      number,
      surname,
      givenNames: 'ERIKA',
      birthDate: '1964-08-12',
      sex: 'F',
      expiryDate: '2031-01-01',
    }),
    '2026-11-24',
  );
  assert.equal(reading.kind, 'read');
  return reading.document;
}

function alert(reference: string, version = '1') {
  const id = Number(reference.slice(1));
  return {
    reference,
    category: 'national' as const,
    action: 'consult-identity' as const,
    silent: false,
    documents: [{ number: `X${id}000000O`, issuingState: 'DEU' }],
    identities: [{ surname: 'QUERTZU', givenNames: 'ERIKA', birthDate: '1964-08-12' }],
    fingers: [{ position: 'unknown' as const, model: 'model', version, template: finger(id).template.bytes }],
    faces: [{ model: 'model', version, template: encodeFaceTemplate(face(id)) }],
  };
}

function list(...alerts: WatchlistSnapshot['alerts']): WatchlistSnapshot {
  return { version: 7, madeAt, alerts };
}

test('an alert is found by document, name, finger and face, each on its own', async () => {
  const watchlist = openWatchlist(list(alert('a1'), alert('a2')), searchers, settings);
  const found = async (subject: Parameters<typeof watchlist.search>[0]) =>
    (await watchlist.search(subject, signal)).hits.map(({ alert, by }) => `${by} ${alert}`);
  assert.deepEqual(await found({ document: travelDocument('X10000000') }), ['document a1']);
  assert.deepEqual(await found({ document: travelDocument('1', 'QUERTZU') }), ['name a1', 'name a2']);
  assert.deepEqual(await found({ finger: finger(2) }), ['finger a2']);
  assert.deepEqual(await found({ face: face(1) }), ['face a1']);
  const all = { document: travelDocument('X1000000O', 'KUERTZU'), finger: finger(1), face: face(1) };
  assert.deepEqual(await found(all), ['document a1', 'name a1', 'name a2', 'finger a1', 'face a1']);
  assert.deepEqual(await found({ document: travelDocument(), finger: finger(9), face: face(4) }), []);
});

test('templates of another version or damaged ones are counted, never compared, and make the search incomplete', async () => {
  const damaged = { ...alert('a3'), faces: [{ model: 'model', version: '1', template: new Uint8Array(7) }] };
  const watchlist = openWatchlist(list(alert('a1'), alert('a2', '2'), damaged), searchers, settings);
  const result = await watchlist.search({ finger: finger(1), face: face(1) }, signal);
  assert.deepEqual(result.incomparable, { finger: 1, face: 2 });
  assert.deepEqual(result.shortcomings, ['finger-incomparable', 'face-incomparable']);
  assert.deepEqual(
    result.hits.map((hit) => hit.by),
    ['finger', 'face'],
  );
});

test('a searcher that fails, or leaves a score out, takes no other hit with it', async () => {
  const broken: Searchers['fingers'][] = [
    () => ({ ...fingers(), search: () => Promise.reject(new Error('gone')) }),
    () => ({ ...fingers(), add: () => Promise.reject(new Error('gone')) }),
    () => ({ ...fingers(), search: async () => [{ id: 'a1', score: Number.NaN }] }),
  ];
  for (const failing of broken) {
    const watchlist = openWatchlist(list(alert('a1')), { ...searchers, fingers: failing }, settings);
    const result = await watchlist.search({ finger: finger(1), face: face(1) }, signal);
    assert.deepEqual(result.shortcomings, ['finger-failed']);
    assert.deepEqual(
      result.hits.map((hit) => hit.by),
      ['face'],
    );
  }
});

test('fingers that are refused take no other with them, and damaged ones count as incomparable', async () => {
  const empty = { position: 'unknown' as const, model: 'model', version: '1', template: new Uint8Array(0) };
  const alerts = Array.from({ length: 9 }, (_, id) => alert(`a${id + 1}`, id === 4 ? '2' : '1'));
  const damaged = { ...alert('a10'), fingers: [empty] };
  const watchlist = openWatchlist(list(...alerts, damaged), searchers, settings);
  for (const id of [1, 2, 3, 4, 6, 7, 8, 9]) {
    const { hits, incomparable } = await watchlist.search({ finger: finger(id) }, signal);
    assert.deepEqual(
      hits.map(({ alert: found }) => found),
      [`a${id}`],
    );
    assert.equal(incomparable.finger, 2);
  }
});

test('a listed finger is found by another impression in a gallery of fingers, a damaged one is counted', async () => {
  const drawn = (finger: number, impression: number) => drawTemplate({ finger, impression, hardness: 0.3 });
  const listed = [1, 2, 3, 4].map((id) => {
    const bytes = id === 4 ? Uint8Array.of(4) : drawn(id, 1);
    return { ...alert(`a${id}`), fingers: [{ ...fingerModel, position: 'right-index' as const, template: bytes }] };
  });
  const watchlist = openWatchlist(
    list(...listed),
    { ...searchers, fingers: () => new FingerGallery() },
    { ...settings, fingerThreshold: 14 },
  );
  const probe = (position: 'right-index' | 'left-index') => ({
    finger: { position, template: { ...fingerModel, bytes: drawn(2, 2) } },
  });
  const found = await watchlist.search(probe('right-index'), signal);
  assert.deepEqual(
    found.hits.map(({ alert: hit, by }) => [hit, by]),
    [['a2', 'finger']],
  );
  assert.deepEqual(found.shortcomings, ['finger-incomparable']);
  assert.equal(found.incomparable.finger, 1);
  assert.deepEqual((await watchlist.search(probe('left-index'), signal)).hits, []);
  watchlist.close();
});

test('a list that is closed ends the search that runs as it would have ended', async () => {
  const watchlist = openWatchlist(list(alert('a1')), searchers, settings);
  const running = watchlist.search({ finger: finger(1) }, signal);
  watchlist.close();
  assert.equal((await running).hits.length, 1);
});

test('a search ends when its signal fires, though the searcher does not', async () => {
  const abort = new AbortController();
  const endless: Searchers = {
    ...searchers,
    fingers: () => ({ ...fingers(), search: () => Promise.withResolvers<never>().promise }),
  };
  const search = openWatchlist(list(alert('a1')), endless, settings).search({ finger: finger(1) }, abort.signal);
  abort.abort();
  await assert.rejects(search, { code: 'capture.cancelled' });
});

test('a face template is the same after it was bytes', () => {
  const template = face(0.3);
  assert.deepEqual(decodeFaceTemplate('model', '1', encodeFaceTemplate(template)), template);
  for (const bytes of [new Uint8Array(0), new Uint8Array(8), new Uint8Array(3), new Uint8Array(16).fill(255)]) {
    assert.equal(decodeFaceTemplate('model', '1', bytes), undefined);
  }
});

test('listed faces are found in a gallery of faces; those of another model or damaged are counted', async () => {
  const model = galleryModel('dlib-face-recognition-resnet');
  const draw = (seed: number): FaceTemplate => {
    const values = Float32Array.from({ length: model.values }, (_, n) => Math.sin(seed * 31 + n * (seed + 1)));
    const length = Math.hypot(...values);
    return { model: model.model, version: model.version, values: values.map((value) => value / length) };
  };
  const listed = (id: number, made: { model: string; version: string } = model) => ({
    ...alert(`a${id}`),
    faces: [{ model: made.model, version: made.version, template: encodeFaceTemplate(draw(id)) }],
  });
  const cut = { ...model, template: encodeFaceTemplate(draw(8)).subarray(4) };
  const damaged = { ...alert('a8'), faces: [{ model: cut.model, version: cut.version, template: cut.template }] };
  const watchlist = openWatchlist(
    list(
      listed(1),
      listed(2),
      listed(3, { ...model, version: '0' }),
      listed(4, { ...model, model: 'another' }),
      damaged,
    ),
    { ...searchers, faces: () => new FaceGallery(model) },
    { ...settings, faceThreshold: 0.95 },
  );
  const result = await watchlist.search({ face: draw(2) }, signal);
  assert.deepEqual(
    result.hits.map(({ alert, by }) => [alert, by]),
    [['a2', 'face']],
  );
  assert.ok(Math.abs((result.hits[0]?.score ?? 0) - 1) < 0.01);
  assert.deepEqual([result.incomparable.face, result.shortcomings], [3, ['face-incomparable']]);
  watchlist.close();
});

test('what an alert asks for is looked up by its reference, and a hit holds that and no word of the alert', async () => {
  const silent = {
    ...alert('a2'),
    category: 'discreet-check' as const,
    action: 'discreet-check' as const,
    silent: true,
  };
  const watchlist = openWatchlist(list(alert('a1'), silent), searchers, settings);
  assert.deepEqual(watchlist.order('a2'), { category: 'discreet-check', action: 'discreet-check', silent: true });
  assert.deepEqual(watchlist.order('a1'), { category: 'national', action: 'consult-identity', silent: false });
  assert.equal(watchlist.order('toString'), undefined);
  const { hits } = await watchlist.search({ face: face(2) }, signal);
  assert.deepEqual(
    hits.map((hit) => Object.keys(hit).toSorted()),
    [['alert', 'among', 'by', 'order', 'score', 'threshold']],
  );
  watchlist.close();
});

test('an alert that must not be noticed cannot be an open one, and one on a document speaks of nobody', () => {
  const fits = (more: object) => Alert.safeParse({ ...alert('a1'), ...more }).success;
  assert.ok(fits({}) && fits({ nationalities: ['UTO'], sex: 'F' }));
  for (const action of ['discreet-check', 'inquiry-check', 'specific-check']) {
    assert.ok(!fits({ action, silent: false }), action);
    assert.ok(fits({ action, silent: true }), action);
  }
  const bare = { identities: [], fingers: [], faces: [] };
  for (const category of ['document-lost', 'document-stolen', 'document-invalidated', 'document-blank']) {
    assert.ok(fits({ category, ...bare }), category);
    assert.ok(!fits({ category }), category);
    assert.ok(!fits({ category, ...bare, sex: 'M' }), category);
  }
  assert.ok(!fits({ category: 'unheard-of' }));
});
