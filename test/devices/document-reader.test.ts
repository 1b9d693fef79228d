import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import type { ReaderEvent } from '../../main/devices/document-reader.ts';
import { FramedDocumentReader, type FramedReaderOptions } from '../../main/devices/framed-document-reader.ts';
import { HidFramePort } from '../../main/devices/hid-byte-ports.ts';
import { readerUsage } from '../../main/devices/hid-frames.ts';
import { DocumentReaderModel, type PlacedDocument } from '../sim/devices/document-reader-model.ts';
import { type FaultRates, seededRandom } from '../sim/devices/fault-line.ts';
import { HidReaderModel, type HidReaderOptions } from '../sim/devices/hid-reader-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const specimen = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
] as const;

function documentOf(seed: number, portraitBytes: number): PlacedDocument {
  const random = seededRandom(seed);
  const character = (): string => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<'[Math.floor(random() * 37)]!;
  const line = (): string => Array.from({ length: 44 }, character).join('');
  const portrait = Uint8Array.from({ length: portraitBytes }, () => Math.floor(random() * 256));
  return { lines: [line(), line()], ...(portraitBytes > 0 && { portrait }) };
}

const lines = ['serial', 'hid'] as const;

/** A reader on a serial line or on HID, and how it is opened. */
function benchOf(model: Partial<HidReaderOptions> = {}, over: (typeof lines)[number] = 'serial') {
  const clock = new VirtualClock();
  const hid = new HidReaderModel({ clock, reportBytes: 1024, ...model });
  const hidBus = new SimHidBus(clock);
  const byteBus = new SimByteBus(clock);
  const reader = over === 'hid' ? hid.reader : new DocumentReaderModel({ clock, ...model });
  const bus = over === 'hid' ? hidBus : byteBus;
  const path = over === 'hid' ? hidBus.plug(hid, readerUsage) : byteBus.plug(reader);
  const open = async (options: Partial<FramedReaderOptions> = {}): Promise<FramedDocumentReader> => {
    const port = over === 'hid' ? new HidFramePort(await hidBus.open(path), clock) : await byteBus.open(path);
    return FramedDocumentReader.open(port, { clock, ...options });
  };
  return { clock, bus, reader, path, open };
}

/** Reads until an event satisfies `last`. */
async function readUntil(
  reader: FramedDocumentReader,
  last: (event: ReaderEvent) => boolean,
  signal = new AbortController().signal,
): Promise<ReaderEvent[]> {
  const seen: ReaderEvent[] = [];
  for await (const event of reader.read({ signal })) {
    seen.push(event);
    if (last(event)) break;
  }
  return seen;
}

const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

for (const over of lines)
  test(`a document on ${over} gives its lines, its portrait and its leaving`, async () => {
    const { clock, reader, open } = benchOf({}, over);
    const device = await clock.run(open());
    assert.deepEqual(device.info, {
      model: 'Reference reader',
      serial: 'DR-0001',
      firmware: '1.0.0',
      protocol: 'document-reader/1.0',
    });
    assert.deepEqual(await clock.run(device.selfTest(new AbortController().signal)), {
      passed: true,
      detail: 'answers',
    });
    const portrait = documentOf(1, 30_000).portrait!;
    clock.after(100, () => reader.place({ lines: specimen, portrait }));
    clock.after(300, () => reader.retry(2));
    clock.after(9_000, () => reader.remove());
    const events = await clock.run(readUntil(device, ({ type }) => type === 'removed'));
    assert.deepEqual(events, [
      { type: 'placed' },
      { type: 'retry', reason: 'turn' },
      { type: 'lines', lines: [...specimen] },
      { type: 'portrait', bytes: portrait },
      { type: 'removed' },
    ]);
    assert.equal(reader.enabled, false);
  });

test('a document that lay there before reading began is read', async () => {
  const { clock, reader, open } = benchOf();
  const device = await clock.run(open());
  reader.place({ lines: specimen });
  const events = await clock.run(readUntil(device, ({ type }) => type === 'lines'));
  assert.deepEqual(events, [{ type: 'placed' }, { type: 'lines', lines: [...specimen] }]);
});

test('an answer is waited for behind a long frame on a slow cable, but not for ever', async () => {
  const { clock, reader, open } = benchOf({ reportBytes: 64 }, 'hid');
  const device = await clock.run(open());
  // Four seconds of reports.
  const portrait = documentOf(1, 230_000).portrait!;
  clock.after(100, () => reader.place({ lines: specimen, portrait }));
  // The question comes while the portrait is under way.
  const asked = new Promise((resolve) =>
    clock.after(3_000, () => resolve(device.selfTest(new AbortController().signal))),
  );
  const events = await clock.run(readUntil(device, ({ type }) => type === 'portrait'));
  assert.deepEqual(events.at(-1), { type: 'portrait', bytes: portrait });
  assert.deepEqual(await clock.run(asked), { passed: true, detail: 'answers' });
});

const pageReader = { gives: 'lines portrait page' };
const pageOf = (seed: number, lengthBytes: number): Uint8Array => documentOf(seed, lengthBytes).portrait!;

test('a page whose lines were not read is fetched in fragments, and the portrait comes after it', async () => {
  for (const [over, lengthBytes] of lines.flatMap((over) => [1, 4_096, 20_001].map((size) => [over, size] as const))) {
    const { clock, reader, open } = benchOf({ ...pageReader, chipMs: 0 }, over);
    const device = await clock.run(open());
    assert.deepEqual(device.gives, ['lines', 'portrait', 'page']);
    assert.equal(device.info.protocol, 'document-reader/1.1');
    const [page, portrait] = [pageOf(2, lengthBytes), pageOf(3, 900)];
    clock.after(100, () => reader.place({ lines: [], page, portrait }));
    assert.deepEqual(await clock.run(readUntil(device, ({ type }) => type === 'portrait')), [
      { type: 'placed' },
      { type: 'page', bytes: page },
      { type: 'portrait', bytes: portrait },
    ]);
  }
});

test('a page whose lines were read is left with the reader, and one of a document taken away never comes', async () => {
  const { clock, reader, open } = benchOf(pageReader);
  const device = await clock.run(open());
  clock.after(100, () => reader.place({ lines: specimen, page: pageOf(2, 5_000) }));
  clock.after(5_000, () => reader.remove());
  const first = await clock.run(readUntil(device, ({ type }) => type === 'removed'));
  assert.deepEqual(first, [{ type: 'placed' }, { type: 'lines', lines: [...specimen] }, { type: 'removed' }]);
  let fragments = 0;
  const send = reader.onInput;
  reader.onInput = (bytes) => {
    send(bytes);
    if (bytes.length > 4_096 && ++fragments === 2) reader.remove();
  };
  clock.after(100, () => reader.place({ lines: [], page: pageOf(2, 50_000) }));
  const second = await clock.run(readUntil(device, ({ type }) => type === 'removed'));
  assert.deepEqual(second, [{ type: 'placed' }, { type: 'removed' }]);
});

test('a reader of version 1.0 gives lines and portrait', async () => {
  const { clock, open } = benchOf();
  assert.deepEqual((await clock.run(open())).gives, ['lines', 'portrait']);
});

test('a cancelled reading switches the reader off', async () => {
  const { clock, reader, open } = benchOf();
  const device = await clock.run(open());
  const cancel = new AbortController();
  clock.after(5_000, () => cancel.abort());
  await assert.rejects(clock.run(readUntil(device, () => false, cancel.signal)), withCode('capture.cancelled'));
  assert.equal(reader.enabled, false);
  await clock.pass(20_000);
  assert.equal(clock.pending, 0);
});

test('a reader that falls silent or breaks is a typed fault', async () => {
  for (const [act, code] of [
    [(reader: DocumentReaderModel) => reader.sleep(90_000), 'device.timeout'],
    [(reader: DocumentReaderModel) => reader.error(3), 'device.broken'],
  ] as const) {
    const { clock, reader, open } = benchOf();
    const device = await clock.run(open());
    clock.after(1_000, () => act(reader));
    await assert.rejects(
      clock.run(
        readUntil(device, () => false),
        20_000,
      ),
      withCode(code),
    );
    assert.equal((await clock.run(device.lost)).code, code);
  }
});

test('another major version is refused', async () => {
  const { clock, open } = benchOf({ major: 2 });
  await assert.rejects(clock.run(open()), withCode('device.protocol'));
});

const rates: Record<string, FaultRates> = {
  drop: { drop: 0.08 },
  duplicate: { duplicate: 0.2 },
  corrupt: { corrupt: 0.08 },
  split: { split: 0.7 },
  late: { late: 0.2 },
  stall: { stall: 0.05 },
  unplug: { unplug: 0.03 },
  everything: { drop: 0.05, duplicate: 0.05, corrupt: 0.05, split: 0.3, late: 0.1, stall: 0.01, unplug: 0.01 },
};

const cases = lines
  .flatMap((over) => Object.entries(rates).map(([name, faults]) => [over, name, faults] as const))
  // A report comes whole or not at all.
  .filter(([over, name]) => over === 'serial' || name !== 'split');

for (const [over, name, faults] of cases) {
  test(`on ${over} under ${name} lines and portrait are exact, or asked for again, or the fault is typed`, async () => {
    let exact = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const placed = documentOf(seed, 2_000);
        const { clock, bus, reader, path, open } = benchOf({}, over);
        bus.faults = { rates: faults, random: seededRandom(seed) };
        const reading = async (): Promise<ReaderEvent[]> => {
          const device = await open();
          clock.after(200, () => reader.place(placed));
          return readUntil(device, ({ type }) => type === 'portrait' || type === 'retry');
        };
        try {
          const events = await clock.run(reading(), 200_000);
          for (const event of events) {
            if (event.type === 'lines') assert.deepEqual(event.lines, placed.lines);
            if (event.type === 'portrait') assert.deepEqual(event.bytes, placed.portrait);
          }
          if (events.at(-1)?.type === 'portrait') {
            assert.deepEqual(
              events.map(({ type }) => type),
              ['placed', 'lines', 'portrait'],
            );
            exact++;
          }
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          assert.match(error.code, /^device\.(protocol|timeout|absent)$/);
          assert.equal(bus.portOf(path)?.listeners ?? 0, 0);
        }
      }),
      { numRuns: 60 },
    );
    if (!/stall|unplug|everything/.test(name)) assert.ok(exact >= 48, `${exact} of 60 documents came through`);
    else assert.ok(exact > 0);
  });
}

for (const [over, name, faults] of cases) {
  test(`on ${over} under ${name} a page is exact, or asked for again, or the fault is typed`, async () => {
    let exact = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        // Of a long page in short reports, hardly one would come through everything.
        const page = pageOf(seed, name === 'everything' ? 1_500 : 9_000);
        const { clock, bus, reader, path, open } = benchOf({ gives: 'page' }, over);
        bus.faults = { rates: faults, random: seededRandom(seed) };
        const reading = async (): Promise<ReaderEvent[]> => {
          const device = await open();
          clock.after(200, () => reader.place({ lines: [], page }));
          return readUntil(device, ({ type }) => type === 'page' || type === 'retry');
        };
        try {
          const last = (await clock.run(reading(), 200_000)).at(-1);
          if (last?.type !== 'page') return;
          assert.deepEqual(last.bytes, page);
          exact++;
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          assert.match(error.code, /^device\.(protocol|timeout|absent)$/);
          assert.equal(bus.portOf(path)?.listeners ?? 0, 0);
        }
      }),
      { numRuns: 60 },
    );
    assert.ok(exact >= (/stall|unplug|everything/.test(name) ? 1 : 45), `${exact} of 60 pages came through`);
  });
}
