import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { FingerImager, type ImagerOptions, imagerTimes } from '../../../main/devices/finger-imager.ts';
import { imagerUsage, state } from '../../../main/devices/finger-imager-protocol.ts';
import type { CaptureOptions, ScanEvent } from '../../../main/devices/finger-scanner.ts';
import type { HidPort } from '../../../main/devices/hid-port.ts';
import { openDevices } from '../../../main/devices/registry.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import type { ImagerDeviceOptions } from '../../sim/devices/finger-imager-device.ts';
import { imageToSend } from '../../sim/devices/sim-device.ts';
import { failureContract, never, plugIn, withCode } from './bench.ts';
import { eventually, patient, type Rung } from './rung.ts';

/** Noise, of which no byte can be guessed from another. */
function noise(seed: number, widthPx: number, heightPx: number): GreyImage {
  const random = seededRandom(seed);
  return { widthPx, heightPx, dpi: 500, pixels: Uint8Array.from({ length: widthPx * heightPx }, () => random() * 256) };
}

/** What the driver of the HID finger imager (docs/hid-finger-imager.md) must do on every rung. */
export function imagerContract(rung: () => Rung): void {
  async function plugged(t: TestContext, options: ImagerDeviceOptions = {}) {
    const on = rung();
    const bench = await plugIn(t, on, 'finger-imager', on.hid, options);
    const { soon, until, listed } = bench;
    const port = async (): Promise<HidPort> => on.hid.open((await listed()).path);
    const open = async (more: ImagerOptions = {}): Promise<FingerImager> => {
      const scanner = await FingerImager.open(await port(), {
        clock: on.clock,
        times: patient(on, imagerTimes),
        ...more,
      });
      t.after(() => scanner.close());
      return scanner;
    };
    /** Captures, and calls `onScan` once the device has begun to scan. */
    const capture = async (
      scanner: FingerImager,
      onScan: () => Promise<unknown>,
      signal: AbortSignal = never,
      options: Omit<CaptureOptions, 'signal'> = {},
    ): Promise<ScanEvent[]> => {
      const seen: ScanEvent[] = [];
      const capturing = (async () => {
        for await (const event of scanner.capture({ signal, ...options })) seen.push(event);
      })();
      let over = false;
      capturing.catch(() => {}).finally(() => (over = true));
      await until('a scan', (now) => now.state === state.scanning || over);
      await onScan();
      await soon(capturing, 'a capture');
      return seen;
    };
    return { on, ...bench, port, open, capture };
  }

  test('an imager is listed with who it is, and says the same when it is open', async (t) => {
    const { serial, listed, open } = await plugged(t, { firmware: '2.4.1', model: 'Contract imager' });
    const { path, ...info } = await listed();
    assert.match(path, /./);
    const product = 'Contract imager';
    assert.deepEqual(info, { vendorId: 0x1209, productId: 1, serial, product, ...imagerUsage });
    const scanner = await open({ settings: { gainPercent: 40, sleepAfterSeconds: 60 } });
    assert.deepEqual(scanner.info, { model: product, serial, firmware: '2.4.1', protocol: 'hfip/1.1' });
    assert.deepEqual(await scanner.selfTest(never), { passed: true, detail: 'passed' });
  });

  for (const fragmentReportBytes of [64, 100, 1024]) {
    test(`a finger gives the exact image in reports of ${fragmentReportBytes} bytes, time after time`, async (t) => {
      const { device, open, capture } = await plugged(t, { fragmentReportBytes, fragmentIntervalUs: 125 });
      const scanner = await open();
      for (const seed of [1, 2, 3]) {
        const image = noise(seed, 160 + seed, 97);
        const events = await capture(scanner, () => device.verb('scan', { image: imageToSend(image) }));
        assert.deepEqual(events[0], { type: 'finger', present: true });
        const got = events.at(-1);
        assert.ok(got?.type === 'image');
        assert.deepEqual({ ...got.image, pixels: new Uint8Array(got.image.pixels) }, image);
      }
      assert.deepEqual(await device.verb('state'), { state: state.idle, scans: 3, images: 3, damaged: 0 });
    });
  }

  test('a retry is told, and the scan goes on', async (t) => {
    const { device, open, capture } = await plugged(t);
    const events = await capture(await open(), async () => {
      await device.verb('retry', { code: 4 });
      await device.verb('scan');
    });
    const told = events.map((event) => (event.type === 'retry' ? event.reason : event.type));
    assert.deepEqual(told, ['centre', 'finger', 'image']);
  });

  test('a capture that is cancelled leaves the device idle and usable', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open();
    const cancel = new AbortController();
    await assert.rejects(
      capture(scanner, async () => cancel.abort(), cancel.signal),
      withCode('capture.cancelled'),
    );
    assert.equal((await device.verb<{ state: number }>('state')).state, state.idle);
    assert.equal((await capture(scanner, () => device.verb('scan'))).at(-1)?.type, 'image');
  });

  test('previews show what lies on the glass until the image comes, and only to whoever asks for them', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open();
    const image = noise(5, 160, 200);
    const previewed = await capture(
      scanner,
      async () => {
        await device.verb('finger', { image: imageToSend(image) });
        await eventually(rung(), 'a preview', async () => (scanner.counters.previews > 0 ? true : undefined));
        await scanner.captureNow();
      },
      never,
      { previews: true, onCommand: true },
    );
    const [, preview] = previewed;
    assert.ok(preview?.type === 'preview');
    assert.deepEqual([preview.image.widthPx, preview.image.heightPx, preview.qualityPercent], [53, 66, 80]);
    const last = previewed.at(-1);
    assert.ok(last?.type === 'image');
    assert.deepEqual(Buffer.from(last.image.pixels), Buffer.from(image.pixels));
    await device.verb('finger', { present: false });
    const plain = await capture(scanner, () => device.verb('scan'));
    assert.deepEqual(
      plain.map(({ type }) => type),
      ['finger', 'image'],
    );
  });

  test('a capture on command waits for the command, and says what is amiss when no finger is there', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open();
    assert.equal(await scanner.captureNow(), false);
    const act = async (): Promise<void> => {
      assert.equal(await scanner.captureNow(), true);
      await device.verb('finger', { present: true });
      assert.equal(await scanner.captureNow(), true);
    };
    const events = await capture(scanner, act, never, { onCommand: true });
    const told = events.map((event) => (event.type === 'retry' ? event.reason : event.type));
    assert.deepEqual(told, ['lift', 'finger', 'image']);
  });

  test('a device that captures by itself waits until the finger is as good as the settings ask', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open({
      settings: { gainPercent: 0, sleepAfterSeconds: 0, captureQualityPercent: 60, watchFinger: false },
    });
    await device.verb('judge', { percent: 40 });
    const events = await capture(scanner, async () => {
      await device.verb('finger', { present: true });
      await eventually(rung(), 'a scan with a poor finger', async () =>
        scanner.counters.reports > 4 ? true : undefined,
      );
      await device.verb('judge', { percent: 70 });
    });
    const told = events.map((event) => (event.type === 'retry' ? event.reason : event.type));
    assert.deepEqual([told[0], told[1], told.at(-1)], ['finger', 'press-harder', 'image']);
  });

  test('fingers outside of a scan are told where the settings ask for it', async (t) => {
    const { device, open } = await plugged(t);
    const scanner = await open({ settings: { gainPercent: 0, sleepAfterSeconds: 0, watchFinger: true } });
    const told: boolean[] = [];
    scanner.onFinger((present) => told.push(present));
    for (const present of [true, false]) {
      await device.verb('finger', { present });
      await eventually(rung(), 'a finger', async () => (told.at(-1) === present ? true : undefined));
    }
    assert.deepEqual(told, [true, false]);
  });

  test('the calibration date and the parts that fail their test are told', async (t) => {
    const { open } = await plugged(t, { calibratedOn: { year: 2025, month: 2, day: 28 }, selfTestCodes: 0x12 });
    const scanner = await open();
    assert.equal(scanner.calibratedOn, '2025-02-28');
    assert.deepEqual(await scanner.selfTest(never), { passed: false, detail: 'failed: light, calibration, 0x0012' });
    const { open: openOther } = await plugged(t, { calibratedOn: { year: 2025, month: 2, day: 30 } });
    assert.equal((await openOther()).calibratedOn, '');
  });

  test('a device of version 1.0 works with all that it has, whatever is asked of it', async (t) => {
    const { device, open, capture } = await plugged(t, { minor: 0 });
    const scanner = await open({
      settings: { gainPercent: 30, sleepAfterSeconds: 0, captureQualityPercent: 60, watchFinger: true },
    });
    assert.deepEqual([scanner.info.protocol, scanner.calibratedOn], ['hfip/1.0', '']);
    const image = noise(6, 80, 80);
    const scan = () => device.verb('scan', { image: imageToSend(image) });
    const events = await capture(scanner, scan, never, { previews: true, onCommand: true });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['finger', 'image'],
    );
    assert.equal(await scanner.captureNow(), false);
    assert.equal((await device.verb<{ damaged: number }>('state')).damaged, 0);
  });

  failureContract('a device that breaks or falls silent', async (t) => {
    const { device, open, soon, capture } = await plugged(t);
    const driver = await open();
    return { device, driver, soon, work: (act) => capture(driver, act) };
  });

  test('pulled in the middle of an image it is absent, and works again wherever it is plugged in', async (t) => {
    // Slow enough that the cable is pulled while fragments come.
    const { device, gone, open, soon, until, capture } = await plugged(t, { fragmentIntervalUs: 20_000 });
    const scanner = await open();
    const pull = async (): Promise<void> => {
      await device.verb('finger', { image: imageToSend(noise(9, 160, 160)) });
      await until('an image', ({ images }) => images === 1);
      await device.unplug();
    };
    await assert.rejects(capture(scanner, pull), withCode('device.absent'));
    assert.equal((await soon(scanner.lost, 'the loss')).code, 'device.absent');
    await gone();
    await device.verb('finger', { present: false });
    await device.replug();
    const again = await open();
    const image = noise(10, 40, 40);
    const events = await capture(again, () => device.verb('scan', { image: imageToSend(image) }));
    assert.equal(events.at(-1)?.type, 'image');
  });

  test('an open port hears that its device was pulled, and gives nothing any more', async (t) => {
    const { device, gone, port, soon } = await plugged(t);
    const opened = await port();
    const closed = Promise.withResolvers<Fault>();
    opened.onClosed(closed.resolve);
    await device.unplug();
    assert.equal((await soon(closed.promise, 'the end of the port')).code, 'device.absent');
    await gone();
    await assert.rejects(opened.write(new Uint8Array(64)), withCode('device.absent'));
    await assert.rejects(opened.getFeature(1, 64), withCode('device.absent'));
    await assert.rejects(rung().hid.open(opened.info.path), withCode('device.absent'));
  });

  test('a port that is closed as soon as it is open leaves nothing behind', async (t) => {
    const { port, open } = await plugged(t);
    for (let times = 0; times < 3; times++) await port().then((opened) => opened.close());
    assert.deepEqual(await (await open()).selfTest(never), { passed: true, detail: 'passed' });
  });

  test('on a bad cable the image is exact, or the fault is typed', async (t) => {
    const outcomes: string[] = [];
    for (const seed of [1, 2, 3]) {
      const { device, open, capture } = await plugged(t, { fetchWindow: 9 });
      const scanner = await open();
      await device.verb('faults', { seed, rates: { drop: 0.03, duplicate: 0.05, corrupt: 0.03 } });
      const image = noise(seed, 40, 30);
      try {
        const events = await capture(scanner, () => device.verb('finger', { image: imageToSend(image) }));
        const got = events.at(-1);
        assert.ok(got?.type === 'image');
        assert.deepEqual(Buffer.from(got.image.pixels), Buffer.from(image.pixels));
        outcomes.push('exact');
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        assert.match(error.code, /^device\.(protocol|timeout)$/);
        outcomes.push(error.code);
      }
    }
    assert.ok(outcomes.includes('exact'), outcomes.join(' '));
  });

  test('a kiosk finds it by itself, loses it with its cable and finds it again', async (t) => {
    const { on, device, serial, soon } = await plugged(t);
    const devices = openDevices({
      roles: { fingerScanner: { serial } },
      hid: on.hid,
      bytes: on.bytes ?? {
        list: async () => [],
        open: () => Promise.reject(new Fault('device.absent')),
        onChange: () => () => {},
      },
      clock: on.clock,
    });
    t.after(() => devices.close());
    const until = (state: string): Promise<true> =>
      eventually(on, `a scanner that is ${state}`, async () => (devices.view()[0]?.state === state ? true : undefined));
    await until('ready');
    await device.unplug();
    await until('absent');
    await device.replug();
    const scanner = await soon(devices.scanner(never), 'a scanner');
    assert.equal(scanner.info.serial, serial);
  });
}
