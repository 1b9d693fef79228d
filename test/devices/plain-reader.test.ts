import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../main/contract/fault.ts';
import type { ReaderEvent } from '../../main/devices/document-reader.ts';
import { HidTextPort } from '../../main/devices/hid-byte-ports.ts';
import { PlainDocumentReader, type PlainReaderOptions } from '../../main/devices/plain-document-reader.ts';
import { TextFrameReader, type TextOptions } from '../../main/devices/text-frames.ts';
import { DocumentReaderModel, type ReaderModelOptions } from '../sim/devices/document-reader-model.ts';
import { seededRandom } from '../sim/devices/fault-line.ts';
import { HidReaderModel, type HidReaderOptions } from '../sim/devices/hid-reader-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

// The specimens of ICAO Doc 9303 parts 4, 5 and 6.
const passport = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const card = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'];
const small = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'];
const again: ReaderEvent = { type: 'retry', reason: 'again' };

type Given = Partial<ReaderModelOptions>;

async function benchOf(given: Given = {}, options: PlainReaderOptions = {}) {
  const clock = new VirtualClock();
  const bus = new SimByteBus(clock);
  const model = new DocumentReaderModel({ clock, protocol: 'ocr', ...given });
  const path = bus.plug(model);
  const reader = new PlainDocumentReader(await bus.open(path), { clock, ...options });
  return { clock, bus, path, model, reader };
}

/** What a reader says until the signal fires. */
async function heard(reader: PlainDocumentReader, signal: AbortSignal): Promise<ReaderEvent[]> {
  const events: ReaderEvent[] = [];
  try {
    for await (const event of reader.read({ signal })) events.push(event);
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'capture.cancelled', String(error));
  }
  return events;
}

/** What is heard while a hand places documents, and half a minute after. */
async function hearing(
  { clock, reader }: { clock: VirtualClock; reader: PlainDocumentReader },
  hand: () => void,
): Promise<ReaderEvent[]> {
  const end = new AbortController();
  clock.after(100, hand);
  clock.after(30_000, () => end.abort());
  return clock.run(heard(reader, end.signal));
}

const separators = ['\r', '\n', '\r\n'] as const;
const framings: Given[] = (['document', 'line', 'none'] as const).flatMap((frames) =>
  separators.flatMap((separator) => [false, true].map((lrc) => ({ frames, separator, lrc }))),
);

test('every framing is found by trial: STX and ETX or none, any line end, a frame a line, with a check and without', async () => {
  for (const framing of framings) {
    for (const lines of [passport, card, small]) {
      const bench = await benchOf(framing);
      const hand = (): void => {
        bench.model.place({ lines });
        bench.clock.after(2_000, () => bench.model.place({ lines }));
      };
      const whole: ReaderEvent = { type: 'lines', lines };
      assert.deepEqual(await hearing(bench, hand), [whole, whole], JSON.stringify(framing));
    }
  }
});

test('lower case, 7 bits with either parity, and lines that end in nothing are found by trial', async () => {
  for (const given of [
    { lowerCase: true },
    { parity: 'even' },
    { parity: 'odd', lrc: true },
    { parity: 'even', frames: 'none', lowerCase: true },
    { frames: 'line', separator: '' },
    { prefix: '\u001d', suffix: '\u0004' },
  ] as const) {
    for (const lines of [passport, card]) {
      const bench = await benchOf(given);
      const events = await hearing(bench, () => bench.model.place({ lines }));
      assert.deepEqual(events, [{ type: 'lines', lines }], JSON.stringify(given));
    }
  }
});

test('a printable prefix and suffix are taken off where the technician names them, and ask again where not', async () => {
  const given = { prefix: 'MRZ:', suffix: '#' };
  for (const frames of ['document', 'none'] as const) {
    const named = await benchOf({ ...given, frames, separator: '\r' }, given);
    const place = (bench: typeof named) => () => bench.model.place({ lines: passport });
    assert.deepEqual(await hearing(named, place(named)), [{ type: 'lines', lines: passport }]);
    const unnamed = await benchOf({ ...given, frames });
    assert.deepEqual(await hearing(unnamed, place(unnamed)), [again]);
  }
});

test('a partial swipe, a character that was not read, or a line of another length asks once for the document', async () => {
  for (const [lines, counter] of [
    [[passport[0]!], 'partial'],
    [[passport[1]!], 'partial'],
    [card.slice(0, 2), 'partial'],
    [[passport[0]!.replace('ANNA', 'AN?A'), passport[1]!], 'unread'],
    [[passport[0]!, passport[1]!.slice(0, 30)], 'unread'],
    [[passport[0]!.slice(1), passport[1]!], 'unread'],
    [[`${passport[0]}${passport[1]}${passport[0]}`], 'tooLong'],
  ] as const) {
    for (const framing of framings) {
      const bench = await benchOf(framing);
      assert.deepEqual(await hearing(bench, () => bench.model.place({ lines })), [again], JSON.stringify(framing));
      assert.equal(bench.reader.counters[counter], 1);
    }
  }
});

test('a swipe after a partial one is read', async () => {
  const bench = await benchOf({ frames: 'none' });
  const events = await hearing(bench, () => {
    bench.model.place({ lines: passport.slice(0, 1) });
    bench.clock.after(1_500, () => bench.model.place({ lines: passport }));
  });
  assert.deepEqual(events, [again, { type: 'lines', lines: passport }]);
});

test('with a check byte asked for, a frame whose check fails or is missing asks for the document again', async () => {
  for (const frames of ['document', 'line', 'none'] as const) {
    for (const lrc of [false, true]) {
      const bench = await benchOf({ frames, lrc }, { lrc: true });
      const flip = bench.model.onInput;
      let at = 0;
      bench.model.onInput = (bytes) => flip(bytes.map((byte) => (byte === 0x41 && at++ === 0 ? 0x42 : byte)));
      assert.deepEqual(await hearing(bench, () => bench.model.place({ lines: passport })), [again], frames);
      assert.equal(bench.reader.counters.lrc, 1);
    }
  }
});

test('bytes of which some have the wrong parity ask for the document again', async () => {
  const bench = await benchOf({ parity: 'even' });
  const send = bench.model.onInput;
  bench.model.onInput = (bytes) => send(bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)));
  assert.deepEqual(await hearing(bench, () => bench.model.place({ lines: passport })), [again]);
});

test('the self-test tells a technician how the reader was found to send', async () => {
  const bench = await benchOf({ lrc: true, separator: '\r\n', lowerCase: true, parity: 'odd' });
  assert.match((await bench.reader.selfTest()).detail, /read a document, then test again/);
  await hearing(bench, () => bench.model.place({ lines: card }));
  assert.deepEqual(await bench.reader.selfTest(), {
    passed: true,
    detail: '1 read: 3 lines of 30, CR, ETX, LF, LRC, STX, lower case, odd parity',
  });
});

test('a swipe reader on HID is understood wherever its text stands in a report', async () => {
  for (const place of [
    { textAt: 1 },
    { textAt: 2, lengthAt: 1 },
    { textAt: 5, lengthAt: 1 },
    { textAt: 1, reportBytes: 9 },
  ] satisfies Partial<HidReaderOptions>[]) {
    for (const framing of framings) {
      const clock = new VirtualClock();
      const bus = new SimHidBus(clock);
      const model = new HidReaderModel({ clock, protocol: 'ocr', ...framing, ...place });
      const port = new HidTextPort(await bus.open(bus.plug(model, { usagePage: 0x8c, usage: 2 })), place);
      const reader = new PlainDocumentReader(port, { clock });
      const hand = (): void => {
        model.reader.place({ lines: card });
        clock.after(2_000, () => model.reader.place({ lines: passport }));
      };
      assert.deepEqual(await hearing({ clock, reader }, hand), [
        { type: 'lines', lines: card },
        { type: 'lines', lines: passport },
      ]);
      await assert.rejects(port.write(), { code: 'device.protocol' });
    }
  }
});

test('what a plain reader says while nobody reads is not kept', async () => {
  const bench = await benchOf();
  bench.model.place({ lines: passport });
  await bench.clock.pass(5_000);
  assert.deepEqual(await hearing(bench, () => {}), []);
});

test('two cannot read at once, and a reader that is unplugged is a fault', async () => {
  const { clock, bus, path, reader } = await benchOf();
  const first = reader.read({ signal: new AbortController().signal }).next();
  await assert.rejects(clock.run(reader.read({ signal: new AbortController().signal }).next()), {
    code: 'device.busy',
  });
  clock.after(100, () => bus.unplug(path));
  await assert.rejects(clock.run(first), { code: 'device.absent' });
  assert.equal((await clock.run(reader.lost)).code, 'device.absent');
  assert.equal(clock.pending, 0);
});

test('endless lines, endless frames and endless noise close the reader', async () => {
  for (const text of ['A', '\u0002', '\u0003', '\r', '\u0000', `\u0002${passport.join('\r')}\u0003`, '?'.repeat(40)]) {
    const bench = await benchOf();
    for (let at = 0; at < 4_000; at++) bench.model.onInput(Buffer.from(text.repeat(16), 'latin1'));
    assert.equal((await bench.clock.run(bench.reader.lost)).code, 'device.protocol');
    assert.equal(bench.bus.portOf(bench.path)?.listeners ?? 0, 0);
  }
});

/** What a chunked stream comes to, with a quiet moment at its end. */
function newsOf(options: TextOptions, bytes: Uint8Array, random: () => number) {
  const reader = new TextFrameReader(options);
  const news = [];
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + Math.floor(random() * 20);
    news.push(...reader.push(bytes.subarray(at, next)));
    at = next;
  }
  news.push(...reader.rest());
  assert.equal(reader.midway, false);
  return news;
}

test('any bytes in any chunks give zones of the right shape or trouble that is named', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom('\u0002', '\u0003', '\r', '\n', ...passport, ...card, ...small).map((text) => Buffer.from(text)),
  );
  const options = fc.record({ lrc: fc.boolean(), prefix: fc.constantFrom('', 'P', 'MRZ') }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), options, fc.integer(), (pieces, given, seed) => {
      for (const one of newsOf(given, Buffer.concat(pieces), seededRandom(seed))) {
        if (one.type === 'damaged') continue;
        const [first = ''] = one.lines;
        assert.equal(one.lines.length, first.length === 30 ? 3 : 2);
        for (const line of one.lines) assert.match(line, /^(?:[A-Z0-9<]{30}|[A-Z0-9<]{36}|[A-Z0-9<]{44})$/);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('a zone comes to the same however it is cut', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...framings),
      fc.constantFrom(passport, card, small),
      fc.integer(),
      (given, lines, seed) => {
        const sent: Uint8Array[] = [];
        const model = new DocumentReaderModel({ clock: new VirtualClock(), protocol: 'ocr', ...given });
        model.onInput = (bytes) => sent.push(bytes);
        model.place({ lines });
        assert.deepEqual(newsOf({}, Buffer.concat(sent), seededRandom(seed)), [{ type: 'lines', lines }]);
      },
    ),
    { numRuns: 1_000 },
  );
});
