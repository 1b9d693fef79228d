import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FingerImager, imagerTimes } from '../../main/devices/finger-imager.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { eventually, patient, type Rung } from '../devices/contract/rung.ts';
import { noise } from '../devices/contract/noise.ts';
import { imageToSend } from '../sim/devices/sim-device.ts';

/** Tells a figure to whoever ran the command: a line `figure` and JSON, kept in .cache/system-figures.jsonl. */
export function figure(name: string, rung: Rung, fields: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(fields).map(([key, value]) => [key, Math.round(value * 10) / 10]);
  process.stdout.write(`figure ${JSON.stringify({ name, rung: rung.name, ...Object.fromEntries(rounded) })}\n`);
}

let last = 0;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * The whole way of a finger imager under the product's own registry, with the time of each part told: from plugged in to
 * ready, an image of 320 x 400 pixels in reports of 1024 bytes, from pulled to the fault. None of them is judged.
 */
export function imagerFigures(rung: () => Rung): void {
  test('an imager is plugged in, gives images and is pulled, and the times are told', async (t) => {
    const on = rung();
    // Its own: what runs at the same time plugs in another.
    const mark = `FIGURES-${process.pid}-${++last}`;
    const devices = openDevices({
      roles: { fingerScanner: { serial: mark } },
      hid: on.hid,
      bytes: on.bytes ?? assert.fail('serial devices'),
      clock: on.clock,
    });
    t.after(() => devices.close());
    const never = AbortSignal.timeout(60_000 * on.slowness);
    await eventually(on, 'a kiosk at rest', async () => devices.view()[0]?.state === 'absent' || undefined);
    const pluggedMs = performance.now();
    const options = { serial: mark, fragmentReportBytes: 1024, fetchWindow: 48, exposureMs: 0 };
    const device = await on.plug('finger-imager', options);
    t.after(() => device.unplug());
    await devices.scanner(never);
    figure('hot-plug to ready', on, { ms: performance.now() - pluggedMs });
    await devices.close();

    // The product's own patience is that of a machine which is not emulated.
    const { path } = await eventually(on, 'the imager', async () =>
      (await on.hid.list()).find(({ serial }) => serial === mark),
    );
    const times = patient(on, imagerTimes);
    const scanner = await FingerImager.open(await on.hid.open(path), { clock: on.clock, times });
    t.after(() => scanner.close());
    const image = noise(7, 320, 400);
    for (let round = 1; round <= 3; round++) {
      await device.verb('finger', { image: imageToSend(image) });
      const [startedMs, startedCpuMs] = [performance.now(), cpuMs()];
      let got;
      for await (const event of scanner.capture({ signal: never })) if (event.type === 'image') got = event.image;
      figure('image', on, { ms: performance.now() - startedMs, cpuMs: cpuMs() - startedCpuMs, bytes: 320 * 400 });
      assert.deepEqual(got && Buffer.from(got.pixels), Buffer.from(image.pixels));
      await device.verb('finger', { present: false });
    }

    const capture = (async () => {
      for await (const _ of scanner.capture({ signal: never }));
    })();
    capture.catch(() => {});
    await eventually(
      on,
      'a scan',
      async () => (await device.verb<{ state: number }>('state')).state === 1 || undefined,
    );
    const pulledMs = performance.now();
    await device.unplug();
    await assert.rejects(capture, { code: 'device.absent' });
    figure('unplug to fault', on, { ms: performance.now() - pulledMs });
  });
}
