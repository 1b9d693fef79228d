import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault, type FaultCode } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { FingerImager, type ImagerOptions, imagerTimes } from '../../../main/devices/finger-imager.ts';
import { imagerUsage, state } from '../../../main/devices/finger-imager-protocol.ts';
import type { ScanEvent } from '../../../main/devices/finger-scanner.ts';
import type { HidInfo, HidPort } from '../../../main/devices/hid-port.ts';
import { openDevices } from '../../../main/devices/registry.ts';
import { within } from '../../../main/devices/wait.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import type { ImagerDeviceOptions } from '../../sim/devices/finger-imager-device.ts';
import { imageToSend } from '../../sim/devices/sim-device.ts';
import { eventually, patient, type Plugged, type Rung } from './rung.ts';

const never = new AbortController().signal;
const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

/** Noise, of which no byte can be guessed from another. */
function noise(seed: number, widthPx: number, heightPx: number): GreyImage {
  const random = seededRandom(seed);
  return { widthPx, heightPx, dpi: 500, pixels: Uint8Array.from({ length: widthPx * heightPx }, () => random() * 256) };
}

/** What the driver of the HID finger imager (docs/hid-finger-imager.md) must do on every rung. */
export function imagerContract(rung: () => Rung): void {
  let last = 0;

  async function plugged(t: TestContext, options: ImagerDeviceOptions = {}) {
    const on = rung();
    const serial = `FI-${++last}`;
    const device = await on.plug('finger-imager', { serial, ...options });
    t.after(() => device.unplug());
    const listed = (): Promise<HidInfo> =>
      eventually(on, `an imager ${serial} in the list`, async () =>
        (await on.hid.list()).find((info) => info.serial === serial),
      );
    const gone = (): Promise<true> =>
      eventually(on, `no imager ${serial} in the list`, async () =>
        (await on.hid.list()).every((info) => info.serial !== serial) ? true : undefined,
      );
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
    const soon = <T>(work: Promise<T>, what: string): Promise<T> => within(on.clock, 20_000 * on.slowness, work, what);
    /** Captures, and calls `onScan` once the device has begun to scan. */
    const capture = async (
      scanner: FingerImager,
      onScan: () => Promise<unknown>,
      signal: AbortSignal = never,
    ): Promise<ScanEvent[]> => {
      const seen: ScanEvent[] = [];
      const capturing = (async () => {
        for await (const event of scanner.capture({ signal })) seen.push(event);
      })();
      capturing.catch(() => {});
      await scanning(on, device);
      await onScan();
      await soon(capturing, 'a capture');
      return seen;
    };
    return { on, device, serial, listed, gone, port, open, soon, capture };
  }

  test('an imager is listed with who it is, and says the same when it is open', async (t) => {
    const { serial, listed, open } = await plugged(t, { firmware: '2.4.1', model: 'Contract imager' });
    const { path, ...info } = await listed();
    assert.match(path, /./);
    const product = 'Contract imager';
    assert.deepEqual(info, { vendorId: 0x1209, productId: 1, serial, product, ...imagerUsage });
    const scanner = await open({ settings: { gainPercent: 40, sleepAfterSeconds: 60 } });
    assert.deepEqual(scanner.info, { model: product, serial, firmware: '2.4.1', protocol: 'hfip/1.0' });
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

  test('a device that breaks or falls silent is a typed fault', async (t) => {
    for (const [verb, args, code] of [
      ['error', { code: 3 }, 'device.broken'],
      ['sleep', { delayMs: 3_600_000 }, 'device.timeout'],
    ] as const) {
      const { device, open, soon, capture } = await plugged(t);
      const scanner = await open();
      await assert.rejects(
        capture(scanner, () => device.verb(verb, args)),
        withCode(code),
      );
      assert.equal((await soon(scanner.lost, 'the loss')).code, code);
    }
  });

  test('pulled in the middle of an image it is absent, and works again wherever it is plugged in', async (t) => {
    // Slow enough that the cable is pulled while fragments come.
    const { device, gone, open, soon, capture } = await plugged(t, { fragmentIntervalUs: 20_000 });
    const scanner = await open();
    const pull = async (): Promise<void> => {
      await device.verb('finger', { image: imageToSend(noise(9, 160, 160)) });
      await eventually(rung(), 'an image', async () =>
        (await device.verb<{ images: number }>('state')).images === 1 ? true : undefined,
      );
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

  test('on a bad cable the image is exact, or the fault is typed', async (t) => {
    const outcomes: string[] = [];
    for (const seed of [1, 2, 3, 4]) {
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

const scanning = (on: Rung, device: Plugged): Promise<true> =>
  eventually(on, 'a scan', async () =>
    (await device.verb<{ state: number }>('state')).state === state.scanning ? true : undefined,
  );
