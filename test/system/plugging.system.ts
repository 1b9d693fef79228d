import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test, type TestContext } from 'node:test';
import { watchDev } from '../../main/devices/dev-watch.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { eventually } from '../devices/contract/rung.ts';
import { systemRung } from './system-rung.ts';

const rung = await systemRung('hidraw', 'usb');
const wireless = await systemRung('hidraw', 'uhid');
after(() => Promise.all([rung.close(), wireless.close()]));

const nobodysGroup = 65_534;
const limen = Number(/^limen:x:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]);
const pathOf = (serial: string): Promise<string> =>
  eventually(
    rung,
    `${serial} in the list`,
    async () => (await rung.hid.list()).find((info) => info.serial === serial)?.path,
  );
const settle = (): void => void execFileSync('udevadm', ['settle', '--timeout=60']);
const access = (path: string) => {
  const { mode, gid } = statSync(path);
  return { mode: (mode & 0o777).toString(8), gid };
};

/** Plugs in devices until one of them has the path: none that is plugged in later can have it, whatever else comes and goes. */
async function occupy(t: TestContext, path: string): Promise<void> {
  for (let count = 1; count <= 40; count++) {
    const serial = `OCCUPIER-${count}`;
    const device = await wireless.plug('finger-imager', { serial });
    t.after(() => device.unplug());
    if ((await pathOf(serial)) === path) return;
  }
  throw new Error(`${path} could not be had`);
}

/** Opens it as nobody of a group, in a program of its own; `onListed` is called before it tries. */
async function openAs(t: TestContext, path: string, group: number, onListed: () => void = () => {}): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'open-as.ts'), path, String(group)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill());
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'listed') onListed();
    last = line;
  }
  return last;
}

test('coming and going shows in /dev, and is heard', async (t) => {
  let heard = 0;
  t.after(watchDev(/^hidraw/, () => heard++));
  const device = await rung.plug('finger-imager', { serial: 'WATCH' });
  t.after(() => device.unplug());
  await eventually(rung, 'its coming', async () => heard > 0 || undefined);
  const before = heard;
  await device.unplug();
  await eventually(rung, 'its going', async () => heard > before || undefined);
});

test('a device that comes back at another path is found by its serial number', async (t) => {
  const device = await rung.plug('finger-imager', { serial: 'ONE' });
  t.after(() => device.unplug());
  const devices = openDevices({
    roles: { fingerScanner: { serial: 'ONE' } },
    hid: rung.hid,
    bytes: rung.bytes ?? assert.fail('serial devices'),
    clock: rung.clock,
  });
  t.after(() => devices.close());
  const patience = AbortSignal.timeout(60_000 * rung.slowness);
  assert.equal((await devices.scanner(patience)).info.serial, 'ONE');
  const path = await pathOf('ONE');
  await device.unplug();
  await eventually(rung, 'an empty role', async () => devices.view()[0]?.state === 'absent' || undefined);
  await occupy(t, path);
  await device.replug();
  assert.notEqual(await pathOf('ONE'), path);
  assert.equal((await devices.scanner(patience)).info.serial, 'ONE');
});

test('the udev rules that are shipped give the nodes to the group of the kiosk, and no others', async (t) => {
  const known = await rung.plug('finger-imager', { serial: 'KNOWN' });
  const strange = await rung.plug('finger-imager', { serial: 'STRANGE' }, { productId: 0x9999 });
  const line = await rung.plug('gate', { serial: 'LINE' });
  t.after(() => Promise.all([known.unplug(), strange.unplug(), line.unplug()]));
  const [ours, others] = [await pathOf('KNOWN'), await pathOf('STRANGE')];
  const tty = await eventually(rung, 'a line', async () =>
    (await rung.bytes?.list())?.find(({ serial }) => serial === 'LINE'),
  );
  settle();
  assert.deepEqual(access(ours), { mode: '660', gid: limen });
  assert.deepEqual(access(tty.path), { mode: '660', gid: limen });
  assert.deepEqual(access(others), { mode: '600', gid: 0 });
  assert.match(execFileSync('udevadm', ['info', tty.path], { encoding: 'utf8' }), /^E: ID_MM_DEVICE_IGNORE=1$/m);
  assert.equal(await openAs(t, ours, limen), 'KNOWN');
  assert.equal(await openAs(t, ours, nobodysGroup), 'device.forbidden');
});

test('a device that is listed and may not be opened yet is opened as soon as it may', async (t) => {
  const device = await rung.plug('finger-imager', { serial: 'SOON' }, { productId: 0x9998 });
  t.after(() => device.unplug());
  const path = await pathOf('SOON');
  settle();
  const allow = (): void => void setTimeout(() => chmodSync(path, 0o666), 300);
  assert.equal(await openAs(t, path, nobodysGroup, allow), 'SOON');
});
