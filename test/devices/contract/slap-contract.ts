import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault } from '../../../main/contract/fault.ts';
import { imagerTimes } from '../../../main/devices/finger-imager.ts';
import { state } from '../../../main/devices/finger-imager-protocol.ts';
import { openDevices } from '../../../main/devices/registry.ts';
import { SlapImager } from '../../../main/devices/slap-imager.ts';
import type { SlapCaptureOptions, SlapEvent } from '../../../main/devices/slap-scanner.ts';
import { reportInterfaceOf } from '../../../main/devices/usb-report-port.ts';
import type { UsbBus } from '../../../main/devices/usb-port.ts';
import type { ImagerDeviceOptions } from '../../sim/devices/finger-imager-device.ts';
import { imageToSend } from '../../sim/devices/sim-device.ts';
import { failureContract, never, plugIn, withCode } from './bench.ts';
import { noise } from './noise.ts';
import { eventually, patient, type Plugged, type Rung } from './rung.ts';

/** What the driver of the four-finger imager (docs/usb-slap-imager.md) must do on every rung that has USB. */
export function slapContract(rung: () => Rung): void {
  async function plugged(t: TestContext, options: ImagerDeviceOptions = {}) {
    const on = rung();
    const usb = usbOf(on);
    const bench = await plugIn(t, on, 'slap-imager', usb, options);
    const { device, listed, soon } = bench;
    const open = async (): Promise<SlapImager> => {
      const info = await listed();
      const port = await usb.open(info.path, reportInterfaceOf(info) ?? 0);
      const scanner = await SlapImager.open(port, { clock: on.clock, times: patient(on, imagerTimes) });
      t.after(() => scanner.close());
      return scanner;
    };
    /** Captures, and calls `onScan` once the device has begun to scan. */
    const capture = async (
      scanner: SlapImager,
      onScan: (seen: readonly SlapEvent[]) => Promise<unknown>,
      options: Partial<SlapCaptureOptions> = {},
    ): Promise<SlapEvent[]> => {
      const seen: SlapEvent[] = [];
      const capturing = (async () => {
        for await (const event of scanner.captureSlap({ signal: never, kind: 'right-four', ...options }))
          seen.push(event);
      })();
      capturing.catch(() => {});
      await scanning(on, device);
      await onScan(seen);
      await soon(capturing, 'a capture');
      return seen;
    };
    return { on, usb, ...bench, open, capture };
  }

  test('a slap imager is listed with its interface, and says who it is when it is open', async (t) => {
    const { serial, listed, open } = await plugged(t, { firmware: '3.1.4' });
    const info = await listed();
    assert.deepEqual([info.vendorId, info.productId, reportInterfaceOf(info)], [0x1209, 4, 0]);
    const scanner = await open();
    assert.deepEqual(scanner.info, {
      model: 'Reference slap imager',
      serial,
      firmware: '3.1.4',
      protocol: 'hfip/1.2',
    });
    assert.deepEqual(await scanner.selfTest(never), { passed: true, detail: 'passed' });
    assert.equal(scanner.calibratedOn, '2026-03-14');
  });

  test('a whole slap comes over to the pixel, time after time', async (t) => {
    const { on, device, open, capture } = await plugged(t);
    // A quarter of it where every byte is checked by an emulated processor, which has other lanes to serve meanwhile.
    const [widthPx, heightPx] = on.slowness > 2 ? [800, 750] : [1600, 1500];
    const scanner = await open();
    for (const seed of [1, 2]) {
      const image = noise(seed, widthPx - seed, heightPx);
      const events = await capture(scanner, () => device.verb('scan', { image: imageToSend(image) }));
      assert.deepEqual(events[0], { type: 'hand', present: true });
      const got = events.at(-1);
      assert.ok(got?.type === 'image');
      assert.deepEqual([got.image.widthPx, got.image.heightPx, got.image.dpi], [image.widthPx, heightPx, 500]);
      assert.equal(Buffer.compare(got.image.pixels, image.pixels), 0);
    }
    assert.deepEqual(await device.verb('state'), { state: state.idle, scans: 2, images: 2, damaged: 0 });
  });

  test('fragments of any length give the exact image, those that end on a packet too', async (t) => {
    for (const fragmentReportBytes of [64, 511, 512, 1024, 16_383]) {
      const { device, open, capture } = await plugged(t, { fragmentReportBytes });
      const image = noise(fragmentReportBytes, 161, 97);
      const events = await capture(await open(), () => device.verb('scan', { image: imageToSend(image) }));
      const got = events.at(-1);
      assert.ok(got?.type === 'image');
      assert.equal(Buffer.compare(got.image.pixels, image.pixels), 0);
      await device.unplug();
    }
  });

  test('it waits for all fingers that can be there, and previews tell which are', async (t) => {
    const { on, device, open, capture } = await plugged(t);
    const scanner = await open();
    const lay = (fingers: number) => device.verb('hand', { image: imageToSend(noise(7, 400, 380)), fingers });
    const onScan = async (seen: readonly SlapEvent[]): Promise<void> => {
      await lay(0b0001);
      const told = (type: SlapEvent['type']): boolean => seen.some((event) => event.type === type);
      await eventually(on, 'a preview and a retry', async () => (told('preview') && told('retry') ? true : undefined));
      await lay(0b1011);
    };
    const events = await capture(scanner, onScan, { previews: true, kind: 'left-four', missing: ['left-middle'] });
    const previews = events.flatMap((event) => (event.type === 'preview' ? [event] : []));
    assert.deepEqual(previews[0]?.present, ['left-little']);
    assert.ok(Math.max(previews[0]?.image.widthPx ?? 0, previews[0]?.image.heightPx ?? 0) <= 256);
    assert.equal(events.at(-1)?.type, 'image');
  });

  test('a slap that must be taken as it lies is taken on command', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open();
    const act = async (): Promise<void> => {
      await device.verb('hand', { image: imageToSend(noise(8, 320, 320)), fingers: 0b0011 });
      assert.equal(await scanner.captureNow(), true);
    };
    const events = await capture(scanner, act, { onCommand: true });
    assert.equal(events.at(-1)?.type, 'image');
  });

  test('an imager of single fingers is refused for slaps', async (t) => {
    const { open } = await plugged(t, { slaps: false });
    await assert.rejects(open(), withCode('device.protocol'));
  });

  failureContract('a slap imager that breaks or falls silent', async (t) => {
    const { device, open, soon, capture } = await plugged(t);
    const driver = await open();
    return { device, driver, soon, work: (act) => capture(driver, act) };
  });

  test('a cancelled slap leaves the device idle and usable', async (t) => {
    const { on, device, open, capture } = await plugged(t);
    const scanner = await open();
    const cancel = new AbortController();
    const onScan = async (): Promise<void> => cancel.abort();
    await assert.rejects(capture(scanner, onScan, { signal: cancel.signal }), withCode('capture.cancelled'));
    await eventually(on, 'an idle device', async () =>
      (await device.verb<{ state: number }>('state')).state === state.idle ? true : undefined,
    );
    const events = await capture(scanner, () => device.verb('scan', { image: imageToSend(noise(3, 320, 320)) }));
    assert.equal(events.at(-1)?.type, 'image');
  });

  test('pulled in the middle of a slap it is absent, and a kiosk finds it again', async (t) => {
    const { on, usb, device, serial, soon } = await plugged(t, { fragmentIntervalUs: 20_000 });
    const devices = openDevices({
      roles: { slapScanner: { serial } },
      hid: on.hid,
      bytes: on.bytes ?? { ...nothing, open: () => Promise.reject(new Fault('device.absent')) },
      usb,
      clock: on.clock,
    });
    t.after(() => devices.close());
    const scanner = await soon(devices.slapScanner(never), 'a scanner');
    const capturing = (async () => {
      for await (const event of scanner.captureSlap({ signal: never, kind: 'right-four' })) if (event) continue;
    })();
    capturing.catch(() => {});
    await scanning(on, device);
    await device.verb('hand', { image: imageToSend(noise(9, 800, 700)) });
    await eventually(on, 'an image', async () =>
      (await device.verb<{ images: number }>('state')).images === 1 ? true : undefined,
    );
    await device.unplug();
    await assert.rejects(soon(capturing, 'the end of the capture'), withCode('device.absent'));
    await device.verb('hand', { present: false });
    await device.replug();
    assert.equal((await soon(devices.slapScanner(never), 'a scanner again')).info.serial, serial);
  });

  test('on a bad cable a slap is exact, or the fault is typed', async (t) => {
    const outcomes: string[] = [];
    for (const seed of [1, 2, 3, 4]) {
      const { device, open, capture } = await plugged(t, { fragmentReportBytes: 1_000, fetchWindow: 9 });
      const scanner = await open();
      await device.verb('faults', { seed, rates: { drop: 0.03, duplicate: 0.05, corrupt: 0.03, split: 0.02 } });
      const image = noise(seed, 120, 300);
      try {
        const events = await capture(scanner, () => device.verb('hand', { image: imageToSend(image) }));
        const got = events.at(-1);
        assert.ok(got?.type === 'image');
        assert.equal(Buffer.compare(got.image.pixels, image.pixels), 0);
        outcomes.push('exact');
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        assert.match(error.code, /^device\.(protocol|timeout|absent)$/);
        outcomes.push(error.code);
      }
    }
    assert.ok(outcomes.includes('exact'), outcomes.join(' '));
  });
}

const nothing = { list: async () => [], onChange: () => () => {} };

function usbOf({ usb, name }: Rung): UsbBus {
  if (!usb) throw new Error(`the rung ${name} has no USB`);
  return usb;
}

const scanning = (on: Rung, device: Plugged): Promise<true> =>
  eventually(on, 'a scan', async () =>
    (await device.verb<{ state: number }>('state')).state === state.scanning ? true : undefined,
  );
