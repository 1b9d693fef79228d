import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import { openDocumentStation } from '../../main/crossing/document-station.ts';
import type { ReaderEvent, ReaderPart } from '../../main/devices/document-reader.ts';
import type { Devices } from '../../main/devices/registry.ts';
import { readMrz } from '../../main/document/mrz.ts';
import type { PageReading } from '../../main/document/ocr/zone-reader.ts';
import type { Event } from '../../main/journey/journey.ts';

const today = '2010-01-01';
const lines = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const reading = readMrz(lines, today);
assert.ok(reading.kind === 'read');
const sure: PageReading = { ...reading, repairs: [], doubts: [] };
const { document, checks } = reading;

/** What the station makes of these events when the engine gives this reading, and what became of the picture. */
async function readWith(reading: PageReading | Fault, events: ReaderEvent[] = [], gives: ReaderPart[] = ['page']) {
  const bytes = Uint8Array.of(1, 2, 3);
  const reader = {
    gives,
    async *read() {
      yield* [{ type: 'placed' }, ...(events.length > 0 ? events : [{ type: 'page', bytes }])] as ReaderEvent[];
    },
  };
  let warmed = 0;
  const station = openDocumentStation({
    devices: { reader: async () => reader } as unknown as Devices,
    pages: {
      warm: () => void warmed++,
      readPage: async () => {
        if (reading instanceof Fault) throw reading;
        return reading;
      },
      close: async () => {},
    },
    today: () => today,
    portraitMs: 60_000,
  });
  const hints: Event[] = [];
  const event = await station.read(new AbortController().signal, (hint) => hints.push(hint));
  return { event, bytes, warmed, hints };
}

test('a page that is read surely is a document, and the picture is overwritten', async () => {
  const { event, bytes, warmed } = await readWith(sure);
  assert.deepEqual(event, { type: 'document-read', document, reasons: [] });
  assert.deepEqual([...bytes], [0, 0, 0]);
  assert.equal(warmed, 1);
});

test('a document of a state that no list knows is read, and the guard is told which field names it', async () => {
  const { event } = await readWith({ ...sure, document: { ...document, nationality: 'QQQ' } });
  const reasons = [{ code: 'document-state-unknown', detail: 'nationality' }];
  assert.deepEqual(event, { type: 'document-read', document: { ...document, nationality: 'QQQ' }, reasons });
});

test('the portrait that comes after the page is taken along', async () => {
  const [page, portrait] = [Uint8Array.of(1), Uint8Array.of(2)];
  const events: ReaderEvent[] = [
    { type: 'page', bytes: page },
    { type: 'portrait', bytes: portrait },
  ];
  const { event } = await readWith(sure, events, ['portrait', 'page']);
  assert.deepEqual(event, { type: 'document-read', document, reasons: [], portrait });
});

test('whatever is in doubt, or was guessed where nothing proves it, makes a document doubtful and names the field', async () => {
  const repair = { read: '0', given: 'O' };
  for (const [change, detail] of [
    [{ doubts: [{ line: 0, at: 6, given: 'R', other: 'P' }] }, 'name'],
    [{ repairs: [{ ...repair, line: 0, at: 10, by: 'type' }] }, 'name'],
    [{ repairs: [{ ...repair, line: 1, at: 3, by: 'check-digit' }] }, 'number'],
    [{ repairs: [{ ...repair, line: 1, at: 43, by: 'check-digit' }] }, 'check-digits'],
    [{ doubts: [{ line: 1, at: 30, given: '1', other: 'I' }] }, 'optionalData'],
  ] as [Partial<PageReading>, string][]) {
    const { event, bytes } = await readWith({ ...sure, ...change } as PageReading);
    const reason = { code: 'document-doubtful', detail };
    assert.deepEqual(event, { type: 'document-unread', reason, document });
    assert.deepEqual([...bytes], [0, 0, 0]);
  }
});

test('a repair that position forces and a check digit of the field proves is believed', async () => {
  const repairs = [{ line: 1, at: 14, read: 'A', given: '4', by: 'type' as const }];
  assert.equal((await readWith({ ...sure, repairs })).event?.type, 'document-read');
});

test('a page that gives no document is unread, with the reason', async () => {
  const unread = { kind: 'unread', lines: [], repairs: [] } as const;
  for (const why of ['no-zone', 'illegible', 'line-length'] as const) {
    const { event } = await readWith({ ...unread, why });
    assert.deepEqual(event, { type: 'document-unread', reason: { code: 'document-unreadable', detail: why } });
  }
  const { event, bytes } = await readWith(new Fault('image.malformed'));
  const reason = { code: 'document-unreadable', detail: 'image.malformed' };
  assert.deepEqual(event, { type: 'document-unread', reason });
  assert.deepEqual([...bytes], [0, 0, 0]);
});

test('a check digit that fails on a page is told with every field that was repaired', async () => {
  const wrong = checks.map((check) => ({ ...check, valid: check.field !== 'number' }));
  const repairs = [{ line: 0, at: 10, read: '0', given: 'O', by: 'type' as const }];
  const { event } = await readWith({ kind: 'unread', why: 'check-digit', lines, repairs, document, checks: wrong });
  const reason = { code: 'document-check-digit', detail: 'number name' };
  assert.deepEqual(event, { type: 'document-unread', reason, document });
});

test('an engine that fails is a fault, and the picture is overwritten all the same', async () => {
  const page = Uint8Array.of(9);
  await assert.rejects(readWith(new Fault('model.missing'), [{ type: 'page', bytes: page }]), {
    code: 'model.missing',
  });
  assert.deepEqual([...page], [0]);
});
