import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { FingerImager, imagerTimes } from '../../main/devices/finger-imager.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { eventually, patient } from '../devices/contract/rung.ts';
import { imageToSend } from '../sim/devices/sim-device.ts';
import { figure } from './figures.ts';
import { noise } from './noise.ts';
import { systemRung } from './system-rung.ts';

const rung = await systemRung('hidraw', 'usb');
const wireless = await systemRung('hidraw', 'uhid');
after(() => Promise.all([rung.close(), wireless.close()]));
const never = new AbortController().signal;
const rssBytes = (): number => process.memoryUsage.rss();
/** Far above what garbage collection leaves lying, far below what a flood that is kept would take. */
const mostGrowthBytes = 200 * 1024 * 1024;

async function open(on: typeof rung, serial: string): Promise<FingerImager> {
  const { path } = await eventually(on, `${serial} in the list`, async () =>
    (await on.hid.list()).find((info) => info.serial === serial),
  );
  return FingerImager.open(await on.hid.open(path), { clock: on.clock, times: patient(on, imagerTimes) });
}

for (const [what, bytes] of [
  ['of an id that is not declared', Buffer.alloc(64, 0xee)],
  ['that are damaged', Buffer.concat([Buffer.of(0x20), Buffer.alloc(63, 0x55)])],
] as const) {
  test(`a device that floods with reports ${what} is put out; memory stays, and another works on`, async (t) => {
    const [flooder, other] = [
      await wireless.plug('finger-imager', { serial: 'FLOOD' }),
      await rung.plug('finger-imager', { serial: 'CALM' }),
    ];
    t.after(() => Promise.all([flooder.unplug(), other.unplug()]));
    const [bad, good] = [await open(wireless, 'FLOOD'), await open(rung, 'CALM')];
    const before = rssBytes();
    const flood = flooder.flood({ report: bytes.toString('base64'), count: 40_000, perMs: 400 });
    assert.match((await bad.lost).code, /^device\.(hostile|protocol)$/);
    const image = noise(1, 64, 64);
    const capture = (async () => {
      let got;
      for await (const event of good.capture({ signal: never })) if (event.type === 'image') got = event.image;
      return got;
    })();
    await other.verb('scan', { image: imageToSend(image) });
    assert.deepEqual(Buffer.from((await capture)?.pixels ?? []), Buffer.from(image.pixels));
    await flood;
    const growthBytes = rssBytes() - before;
    figure(`flood of reports ${what}`, rung, { growthBytes });
    assert.ok(growthBytes < mostGrowthBytes, `${growthBytes} bytes more`);
    await Promise.all([bad.close(), good.close()]);
  });
}

test('a scanner that claims to be a keyboard as well is not opened, and no window hears its keys', async (t) => {
  const before = new Set(readdirSync('/dev/input'));
  const device = await rung.plug('finger-imager', { serial: 'KEYS' }, { keyboard: true });
  t.after(() => device.unplug());
  const node = await eventually(rung, 'a keyboard', async () =>
    readdirSync('/dev/input').find((name) => name.startsWith('event') && !before.has(name)),
  );
  const listed = await eventually(rung, 'both faces in the list', async () => {
    const faces = (await rung.hid.list()).filter(({ serial }) => serial === 'KEYS');
    return faces.length === 2 ? faces : undefined;
  });
  assert.deepEqual(
    listed.map(({ usagePage, usage }) => [usagePage, usage]),
    [
      [0xff46, 1],
      [1, 6],
    ],
  );
  // What the rules that are shipped tell whoever would hand its keys to a window.
  execFileSync('udevadm', ['settle', '--timeout=60']);
  assert.match(
    execFileSync('udevadm', ['info', `/dev/input/${node}`], { encoding: 'utf8' }),
    /^E: LIBINPUT_IGNORE_DEVICE=1$/m,
  );
  const devices = openDevices({
    roles: { fingerScanner: { serial: 'KEYS' } },
    hid: rung.hid,
    bytes: rung.bytes ?? assert.fail('serial devices'),
    clock: rung.clock,
  });
  t.after(() => devices.close());
  await eventually(rung, 'a scanner that is refused', async () => devices.view()[0]?.state === 'out' || undefined);
  assert.equal(devices.view()[0]?.health?.lastFault, 'device.hostile');
});

test('reports longer than any that is declared change nothing', async (t) => {
  const device = await wireless.plug('finger-imager', { serial: 'LONG' });
  t.after(() => device.unplug());
  const scanner = await open(wireless, 'LONG');
  for (const lengthBytes of [65, 1_024, 4_096])
    await device.flood({ report: Buffer.alloc(lengthBytes, 0x20).toString('base64'), count: 10, perMs: 10 });
  assert.equal((await scanner.selfTest(never)).passed, true);
  await scanner.close();
});
