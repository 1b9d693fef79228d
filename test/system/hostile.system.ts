import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { FingerImager, imagerTimes } from '../../main/devices/finger-imager.ts';
import { reportId } from '../../main/devices/finger-imager-protocol.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { within } from '../../main/devices/wait.ts';
import { eventually, patient } from '../devices/contract/rung.ts';
import { imageToSend } from '../sim/devices/sim-device.ts';
import { figure } from './figures.ts';
import { noise } from '../devices/contract/noise.ts';
import { systemRungs } from './system-rung.ts';

const { wired: rung, wireless, close } = await systemRungs('hidraw');
after(close);
const never = new AbortController().signal;
const soonMs = 20_000 * rung.slowness;
const soon = <T>(work: Promise<T>, what: string): Promise<T> => within(rung.clock, soonMs, work, what);
const rssBytes = (): number => process.memoryUsage.rss();
/** Far above what garbage collection leaves lying, far below what a flood that is kept would take. */
const mostGrowthBytes = 200 * 1024 * 1024;

async function open(on: typeof rung, serial: string): Promise<FingerImager> {
  const { path } = await eventually(on, `${serial} in the list`, async () =>
    (await on.hid.list()).find((info) => info.serial === serial),
  );
  return FingerImager.open(await on.hid.open(path), { clock: on.clock, times: patient(on, imagerTimes) });
}

test('a device that floods with damaged reports is put out; memory stays, and another works on', async (t) => {
  const flooder = await wireless.plug('finger-imager', { serial: 'FLOOD' });
  const other = await rung.plug('finger-imager', { serial: 'CALM' });
  t.after(() => Promise.all([flooder.unplug(), other.unplug()]));
  const [bad, good] = [await open(wireless, 'FLOOD'), await open(rung, 'CALM')];
  t.after(() => Promise.all([bad.close(), good.close()]));
  const before = rssBytes();
  const report = Buffer.concat([Buffer.of(reportId.message), Buffer.alloc(63, 0x55)]).toString('base64');
  const flood = flooder.flood({ report, count: 20_000, perMs: 400 });
  assert.match((await soon(bad.lost, 'the loss')).code, /^device\.(hostile|protocol)$/);
  const image = noise(1, 64, 64);
  await other.verb('finger', { image: imageToSend(image) });
  let got;
  for await (const event of good.capture({ signal: AbortSignal.timeout(soonMs) }))
    if (event.type === 'image') got = event.image;
  assert.deepEqual(Buffer.from(got?.pixels ?? []), Buffer.from(image.pixels));
  await flood;
  const growthBytes = rssBytes() - before;
  figure('flood', wireless, { growthBytes });
  assert.ok(growthBytes < mostGrowthBytes, `${growthBytes} bytes more`);
});

test('reports of an id that is not declared, or longer than any that is, change nothing', async (t) => {
  const device = await wireless.plug('finger-imager', { serial: 'ODD' });
  t.after(() => device.unplug());
  const scanner = await open(wireless, 'ODD');
  t.after(() => scanner.close());
  for (const [lengthBytes, fill] of [
    [64, 0xee],
    [65, reportId.message],
    [4_096, reportId.message],
  ] as const)
    await device.flood({ report: Buffer.alloc(lengthBytes, fill).toString('base64'), count: 50, perMs: 50 });
  assert.equal((await soon(scanner.selfTest(never), 'a self-test')).passed, true);
});

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
