import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const rules = readFileSync('main/devices/60-limen.rules', 'utf8')
  .split('\n')
  .map((line) => line.replace(/^# (?=SUBSYSTEM)/, ''))
  .filter((line) => line !== '' && !line.startsWith('#'));

test('every udev rule is written as udev reads one: matches first, then what is done', () => {
  const match = /^(SUBSYSTEM|KERNEL|ATTRS?\{id(Vendor|Product)\}|ENV\{(ID_INPUT_KEYBOARD|DEVTYPE)\})=="[^"]+"$/;
  const deed = /^(GROUP="limen"|MODE="0660"|TAG\+="uaccess"|ENV\{[A-Z_]+\}="1")$/;
  for (const rule of rules) {
    const parts = rule.split(', ');
    const deeds = parts.findIndex((part) => !match.test(part));
    assert.ok(deeds >= 2, rule);
    for (const part of parts.slice(deeds)) assert.match(part, deed, rule);
  }
});

test('every node that the kiosk opens is given to its group and to the seat', () => {
  for (const kernel of ['hidraw*', 'ttyACM*', 'ttyUSB*']) {
    const own = rules.filter((rule) => rule.includes(`KERNEL=="${kernel}"`));
    assert.ok(own.length > 0, kernel);
    for (const rule of own) assert.match(rule, /GROUP="limen", MODE="0660", TAG\+="uaccess"/);
  }
});

test('what a HID device of the kiosk says as a keyboard is not heard', () => {
  const ids = (rule: string) =>
    /ATTRS\{idVendor\}=="(....)", ATTRS\{idProduct\}=="(....)"/.exec(rule)?.slice(1).join(':');
  const given = rules.filter((rule) => rule.includes('hidraw')).map(ids);
  const ignored = rules.filter((rule) => rule.includes('ATTRS') && rule.includes('LIBINPUT_IGNORE_DEVICE')).map(ids);
  assert.deepEqual(ignored, given);
});

/** Runs a script of the package with its paths moved into a folder, and with tools that only note that they were called. */
function runScript(file: string, root: string, ...args: string[]): string[] {
  const script = readFileSync(file, 'utf8')
    .replaceAll('${sanitizedProductName}', 'Limen')
    .replaceAll('${executable}', 'limen')
    .replaceAll(/(?<=[ '=])\/(opt|usr|run)\b/g, `${root}/$1`);
  const called = join(root, 'called');
  writeFileSync(called, '');
  execFileSync('sh', ['-c', script, 'script', ...args], {
    env: { PATH: `${join(root, 'tools')}:${process.env['PATH'] ?? ''}`, CALLED: called },
  });
  return readFileSync(called, 'utf8').trim().split('\n');
}

test('the package installs the rules and has udev read them, and takes them away again', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'limen-root-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ['opt/Limen/resources', 'usr/bin', 'run/udev', 'tools'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const tool of ['udevadm', 'groupadd', 'getent', 'unshare']) {
    const path = join(root, 'tools', tool);
    writeFileSync(path, `#!/bin/sh\necho ${tool} "$@" >> "$CALLED"\n[ ${tool} != getent ]\n`);
    chmodSync(path, 0o755);
  }
  writeFileSync(join(root, 'opt/Limen/chrome-sandbox'), '');
  writeFileSync(join(root, 'opt/Limen/resources/60-limen.rules'), 'rules');
  const installed = runScript('setup/after-install.sh', root, 'configure');
  const rulesFile = join(root, 'usr/lib/udev/rules.d/60-limen.rules');
  assert.equal(readFileSync(rulesFile, 'utf8'), 'rules');
  for (const call of ['groupadd --system limen', 'udevadm control --reload']) assert.ok(installed.includes(call), call);
  assert.match(installed.join('\n'), /udevadm trigger .*hidraw/);
  runScript('setup/after-remove.sh', root, 'upgrade');
  assert.ok(existsSync(rulesFile));
  assert.deepEqual(runScript('setup/after-remove.sh', root, 'remove'), ['udevadm control --reload']);
  assert.ok(!existsSync(rulesFile));
});
