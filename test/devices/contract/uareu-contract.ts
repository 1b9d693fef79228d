import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault } from '../../../main/contract/fault.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import type { ScanEvent } from '../../../main/devices/finger-scanner.ts';
import { UareuScanner, type UareuOptions, uareuTimes } from '../../../main/devices/uareu.ts';
import { mode } from '../../../main/devices/uareu-registers.ts';
import { openDevices } from '../../../main/devices/registry.ts';
import type { UsbBus } from '../../../main/devices/usb-port.ts';
import { imageToSend } from '../../sim/devices/sim-device.ts';
import type { UareuDeviceOptions } from '../../sim/devices/uareu-device.ts';
import { type AtWork, failureContract, never, plugIn, withCode } from './bench.ts';
import { eventually, patient, type Rung } from './rung.ts';

const authenticationKey = '000102030405060708090a0b0c0d0e0f';
const keyBytes = Uint8Array.from(Buffer.from(authenticationKey, 'hex'));

/** Ridges that no turning and no mirroring brings onto themselves. */
export function ridges(seed: number, widthPx = 300, heightPx = 250): GreyImage {
  const pixels = Uint8Array.from({ length: widthPx * heightPx }, (_, at) => {
    const [x, y] = [at % widthPx, Math.floor(at / widthPx)];
    return Math.round(128 + 100 * Math.sin((x * x + 3 * y * y + seed * 997) / 4_000 + y / 7));
  });
  return { widthPx, heightPx, dpi: 512, pixels };
}

/** What the driver must make of it: the same, in the middle of 384 x 290 pixels of white. */
export function onGlass({ widthPx, heightPx, pixels }: GreyImage): GreyImage {
  const whole = new Uint8Array(384 * 290).fill(255);
  const [left, top] = [(384 - widthPx) >> 1, (290 - heightPx) >> 1];
  for (let y = 0; y < heightPx; y++) whole.set(pixels.subarray(y * widthPx, (y + 1) * widthPx), (top + y) * 384 + left);
  return { widthPx: 384, heightPx: 290, dpi: 512, pixels: whole };
}

/** What the driver of U.are.U scanners (docs/uareu.md) must do on every rung that has USB. */
export function uareuContract(rung: () => Rung): void {
  async function plugged(t: TestContext, options: UareuDeviceOptions = {}) {
    const on = rung();
    const usb = on.usb as UsbBus;
    const bench = await plugIn(t, on, 'uareu', usb, options);
    const { device, listed, soon } = bench;
    const open = async (more: UareuOptions = {}): Promise<UareuScanner> => {
      const port = await usb.open((await listed()).path, 0);
      const scanner = await UareuScanner.open(port, { clock: on.clock, times: patient(on, uareuTimes), ...more });
      t.after(() => scanner.close());
      return scanner;
    };
    const capture = async (
      scanner: UareuScanner,
      onWait: () => Promise<unknown>,
      signal: AbortSignal = never,
    ): Promise<ScanEvent[]> => {
      const seen: ScanEvent[] = [];
      const capturing = (async () => {
        for await (const event of scanner.capture({ signal })) seen.push(event);
      })();
      capturing.catch(() => {});
      await eventually(on, 'a scanner that waits for a finger', async () =>
        (await device.verb<{ mode: number }>('state')).mode === mode.awaitOn ? true : undefined,
      );
      await onWait();
      await soon(capturing, 'a capture');
      return seen;
    };
    return { on, usb, ...bench, open, capture };
  }

  const imageOf = (events: readonly ScanEvent[]): GreyImage => {
    const image = events.at(-1);
    assert.ok(image?.type === 'image');
    return { ...image.image, pixels: new Uint8Array(image.image.pixels) };
  };

  for (const authenticates of [false, true]) {
    const name = authenticates ? '045e:00ca' : '05ba:000a';
    test(`a U.are.U scanner ${name} gives the exact image, upright and dark on white, time after time`, async (t) => {
      const { device, serial, open, capture } = await plugged(t, { authenticates, authenticationKey });
      const scanner = await open({ authenticationKey: keyBytes });
      const model = authenticates ? 'Fingerprint Reader v2' : 'U.are.U 4000/4500';
      assert.deepEqual(scanner.info, { model, serial, firmware: '0301.0500', protocol: 'uareu' });
      assert.deepEqual(await scanner.selfTest(never), { passed: true, detail: 'passed' });
      for (const seed of [1, 2, 3]) {
        const events = await capture(scanner, () => device.verb('scan', { image: imageToSend(ridges(seed)) }));
        assert.deepEqual(events[0], { type: 'finger', present: true });
        assert.deepEqual(imageOf(events), onGlass(ridges(seed)));
      }
      const state = await device.verb<{ mode: number; keys: number }>('state');
      assert.deepEqual([state.mode, state.keys], [mode.off, 6]);
    });
  }

  test('a scanner that asks for a key is opened by the right key only', async (t) => {
    const { open } = await plugged(t, { authenticates: true, authenticationKey });
    await assert.rejects(open(), withCode('config.invalid'));
    await assert.rejects(open({ authenticationKey: keyBytes.toReversed() }), withCode('device.protocol'));
    assert.equal((await open({ authenticationKey: keyBytes })).info.protocol, 'uareu');
  });

  test('an image cut short is a retry, and so is a finger lifted too soon', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open();
    const image = imageToSend(ridges(4));
    const told = (events: readonly ScanEvent[]): string[] =>
      events.map((event) => (event.type === 'retry' ? event.reason : event.type));
    await device.verb('retry', { lines: 60 });
    assert.deepEqual(told(await capture(scanner, () => device.verb('finger', { image }))), ['finger', 'hold', 'image']);
    await device.verb('finger', { present: false });
    await device.verb('quality', { percent: 0 });
    const events = await capture(scanner, async () => {
      await device.verb('scan', { image });
      await device.verb('quality', { percent: 100 });
      await device.verb('finger', { image });
    });
    assert.deepEqual(told(events), ['finger', 'hold', 'finger', 'finger', 'image']);
  });

  test('a U.are.U capture that is cancelled leaves the sensor off and usable', async (t) => {
    const { device, open, capture } = await plugged(t);
    const scanner = await open();
    const cancel = new AbortController();
    await assert.rejects(
      capture(scanner, async () => cancel.abort(), cancel.signal),
      withCode('capture.cancelled'),
    );
    assert.equal((await device.verb<{ mode: number }>('state')).mode, mode.off);
    const events = await capture(scanner, () => device.verb('scan', { image: imageToSend(ridges(5)) }));
    assert.deepEqual(imageOf(events), onGlass(ridges(5)));
  });

  const begin = async (t: TestContext): Promise<AtWork> => {
    const { device, open, soon, capture } = await plugged(t);
    const driver = await open();
    return { device, driver, soon, work: (act) => capture(driver, act) };
  };
  failureContract('a U.are.U scanner that breaks, or does not answer,', begin, { silence: 'device.protocol' });

  test('a kiosk finds a U.are.U scanner by itself, loses it with its cable and finds it again', async (t) => {
    const { on, usb, device, serial, soon, capture } = await plugged(t);
    const bytes = {
      list: async () => [],
      open: () => Promise.reject(new Fault('device.absent')),
      onChange: () => () => {},
    };
    const devices = openDevices({ roles: { fingerScanner: { serial } }, hid: on.hid, bytes, usb, clock: on.clock });
    t.after(() => devices.close());
    const until = (state: string): Promise<true> =>
      eventually(on, `a scanner that is ${state}`, async () => (devices.view()[0]?.state === state ? true : undefined));
    await until('ready');
    await device.unplug();
    await until('absent');
    await device.replug();
    const scanner = await soon(devices.scanner(never), 'a scanner');
    assert.ok(scanner instanceof UareuScanner);
    const events = await capture(scanner, () => device.verb('scan', { image: imageToSend(ridges(6)) }));
    assert.deepEqual(imageOf(events), onGlass(ridges(6)));
  });
}
