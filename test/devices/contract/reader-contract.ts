import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault } from '../../../main/contract/fault.ts';
import type { BytePort } from '../../../main/devices/byte-port.ts';
import type { DocumentReader, ReaderEvent } from '../../../main/devices/document-reader.ts';
import { FramedDocumentReader, hidReaderTimes, readerTimes } from '../../../main/devices/framed-document-reader.ts';
import { HidFramePort, HidTextPort } from '../../../main/devices/hid-byte-ports.ts';
import { PlainDocumentReader, plainReaderTimes } from '../../../main/devices/plain-document-reader.ts';
import type { ReaderDeviceOptions } from '../../sim/devices/document-reader-device.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import { bytesToSend } from '../../sim/devices/sim-device.ts';
import { failureContract, never, plugIn, withCode } from './bench.ts';
import { patient, type Rung } from './rung.ts';

const baud = 115_200;
const lines = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const quick = { opticalMs: 20, chipMs: 20 };

/** Noise, of which no byte can be guessed from another. */
function noise(seed: number, lengthBytes: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: lengthBytes }, () => random() * 256);
}

/** What the drivers of document readers (docs/document-reader.md) must do on every rung that has devices of their bus. */
export function readerContract(rung: () => Rung, over: 'serial' | 'hid'): void {
  const kind = over === 'hid' ? 'hid-document-reader' : 'document-reader';
  // Large reports, some way apart: a busy host must not overflow what keeps reports for it.
  const usual = over === 'hid' ? { ...quick, reportBytes: 512, intervalMs: 2 } : quick;

  async function plugged(t: TestContext, options: ReaderDeviceOptions = {}) {
    const on = rung();
    const { hid, bytes } = on;
    assert.ok(over === 'hid' || bytes, 'this rung has serial devices');
    const bus: { list(): Promise<readonly { path: string; vendorId: number; productId: number; serial: string }[]> } =
      over === 'hid' ? hid : bytes!;
    const bench = await plugIn(t, on, kind, bus, { ...usual, ...options });
    const { until, soon } = bench;
    const port = async (): Promise<BytePort> => {
      const { path } = await bench.listed();
      if (over === 'serial') return bytes!.open(path, baud);
      return options.protocol === 'ocr'
        ? new HidTextPort(await hid.open(path), {})
        : new HidFramePort(await hid.open(path), on.clock);
    };
    const open = async (): Promise<FramedDocumentReader> => {
      const reader = await FramedDocumentReader.open(await port(), {
        clock: on.clock,
        times: patient(on, over === 'hid' ? hidReaderTimes : readerTimes),
      });
      t.after(() => reader.close());
      return reader;
    };
    const off = () => until('a reader that is off', ({ enabled }) => !enabled);
    /** Reads until the last event comes, and calls `onRead` once the reader is on. */
    const read = async (
      reader: DocumentReader,
      onRead: () => Promise<unknown>,
      last: ReaderEvent['type'] | undefined,
      signal: AbortSignal = never,
    ): Promise<ReaderEvent[]> => {
      const seen: ReaderEvent[] = [];
      const reading = (async () => {
        for await (const event of reader.read({ signal })) {
          seen.push(
            event.type === 'portrait' || event.type === 'page' ? { ...event, bytes: event.bytes.slice() } : event,
          );
          if (event.type === last) return;
        }
      })();
      // One that finds a document lying there may be over before it is seen to be on.
      let over = false;
      reading.catch(() => {}).finally(() => (over = true));
      if (options.protocol !== 'ocr') await until('a reader that is on', ({ enabled }) => enabled === true || over);
      await onRead();
      await soon(reading, 'a reading');
      return seen;
    };
    return { on, ...bench, port, open, off, read };
  }

  test(`a document reader on ${over} is listed with its numbers, and says who it is when it is open`, async (t) => {
    const { serial, listed, open } = await plugged(t, { model: 'Contract reader', firmware: '3.1' });
    const { vendorId, productId } = await listed();
    assert.deepEqual([vendorId, productId], [0x1209, 2]);
    const reader = await open();
    const protocol = 'document-reader/1.0';
    assert.deepEqual(reader.info, { model: 'Contract reader', serial, firmware: '3.1', protocol });
    assert.deepEqual(await reader.selfTest(never), { passed: true, detail: 'answers' });
  });

  test('a document gives its lines, its portrait byte by byte, and its leaving, time after time', async (t) => {
    const { device, open, off, read } = await plugged(t);
    const reader = await open();
    for (const seed of [1, 2]) {
      const portrait = noise(seed, 60_000);
      const insert = () => device.verb('insert', { lines, portrait: bytesToSend(portrait) });
      const seen = await read(reader, insert, 'portrait');
      assert.deepEqual(
        seen.map(({ type }) => type),
        ['placed', 'lines', 'portrait'],
      );
      assert.deepEqual(seen[1], { type: 'lines', lines });
      const got = seen[2];
      assert.ok(got?.type === 'portrait' && Buffer.from(portrait).equals(got.bytes));
      await off();
      await device.verb('remove');
    }
    const left = await read(
      reader,
      async () => {
        await device.verb('insert', { lines: [...lines] });
        await device.verb('remove');
      },
      'removed',
    );
    assert.equal(left[0]?.type, 'placed');
    // A report that a busy host missed was mended.
    if (over === 'serial') assert.equal(reader.counters.damaged, 0);
  });

  test('a picture of a page whose lines were not read is fetched byte by byte', async (t) => {
    const { device, open, read } = await plugged(t, { gives: 'lines portrait page' });
    const page = noise(4, 50_001);
    const insert = () => device.verb('insert', { lines: [], page: bytesToSend(page) });
    const got = (await read(await open(), insert, 'page')).at(-1);
    assert.ok(got?.type === 'page' && Buffer.from(page).equals(got.bytes));
  });

  test('a document that should be turned is told, and a plain reader is understood', async (t) => {
    const { device, open, read } = await plugged(t, { opticalMs: 3_600_000 });
    const act = async () => {
      await device.verb('insert', { lines });
      await device.verb('retry', { code: 2 });
    };
    assert.deepEqual(await read(await open(), act, 'retry'), [{ type: 'placed' }, { type: 'retry', reason: 'turn' }]);
    for (const separator of ['\r', '\n', '\r\n'] as const) {
      const plain = await plugged(t, { protocol: 'ocr', separator, lrc: true });
      const reader = new PlainDocumentReader(await plain.port(), {
        lrc: true,
        clock: plain.on.clock,
        times: patient(plain.on, plainReaderTimes),
      });
      t.after(() => reader.close());
      const insert = () => plain.device.verb('insert', { lines });
      assert.deepEqual((await plain.read(reader, insert, 'lines')).at(-1), { type: 'lines', lines });
    }
  });

  test('a reading that is cancelled leaves the reader off and usable', async (t) => {
    const { device, open, off, read } = await plugged(t);
    const reader = await open();
    const cancel = new AbortController();
    await assert.rejects(
      read(reader, async () => cancel.abort(), undefined, cancel.signal),
      withCode('capture.cancelled'),
    );
    await off();
    assert.equal((await read(reader, () => device.verb('insert', { lines }), 'lines')).at(-1)?.type, 'lines');
  });

  failureContract('a reader that breaks or falls silent', async (t) => {
    const { device, open, soon, read } = await plugged(t);
    const driver = await open();
    return { device, driver, soon, work: (act) => read(driver, act, undefined) };
  });

  test('pulled while a document lies on it it is absent, and works again wherever it is plugged in', async (t) => {
    const { device, gone, open, soon, read } = await plugged(t);
    const reader = await open();
    const act = async () => {
      await device.verb('insert', { lines, portrait: bytesToSend(noise(5, 60_000)) });
      await device.unplug();
    };
    await assert.rejects(read(reader, act, 'removed'), withCode('device.absent'));
    assert.equal((await soon(reader.lost, 'the loss')).code, 'device.absent');
    await gone();
    await device.replug();
    // The document still lies there.
    assert.deepEqual((await read(await open(), async () => {}, 'lines')).at(-1), { type: 'lines', lines });
  });

  test('on a bad cable the portrait is exact, or asked for again, or the fault is typed', async (t) => {
    const outcomes: string[] = [];
    for (const seed of [1, 2, 3]) {
      const { device, open, read } = await plugged(t);
      const reader = await open();
      // A portrait is two frames on a serial line, and dozens of reports.
      const rate = over === 'serial' ? 0.04 : 0.004;
      const split = over === 'serial' ? 0.5 : 0;
      await device.verb('faults', { seed, rates: { drop: rate, duplicate: 0.1, corrupt: rate, split } });
      const portrait = noise(seed, 2_000);
      const insert = () => device.verb('insert', { lines, portrait: bytesToSend(portrait) });
      try {
        const got = (await read(reader, insert, 'portrait')).at(-1);
        assert.ok(got?.type === 'portrait' && Buffer.from(portrait).equals(got.bytes));
        outcomes.push('exact');
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        assert.match(error.code, /^device\.(protocol|timeout)$/);
        outcomes.push(error.code);
      }
    }
    assert.ok(outcomes.includes('exact'), outcomes.join(' '));
  });
}
