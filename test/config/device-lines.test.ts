import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkConfig } from '../../main/config/config.ts';
import { exampleConfig } from '../sim/demo/example-config.ts';

const file = '/etc/limen/kiosk.json';
const example = exampleConfig({ stateDir: 's', credentials: 'k', centralPort: 1 });

/** The lines that a configuration with these devices prints. */
function linesOf(devices: unknown): string[] {
  try {
    checkConfig({ ...example, devices }, file);
    return [];
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split('\n');
    assert.equal(head, `${file} is not a valid configuration:`);
    return lines.map((line) => line.trim());
  }
}

const relays = {
  unit: 1,
  outputs: { door: { address: 0 }, deadMan: { address: 4 } },
  inputs: { closed: { address: 0 }, passage: { address: 2 } },
};

test('devices that are named as they should be print nothing', () => {
  for (const devices of [
    {},
    { fingerScanner: {}, documentReader: {}, gate: {} },
    { documentReader: { bus: 'hid' } },
    { documentReader: { bus: 'hid', protocol: 'ocr', vendorId: 1, productId: 2, textAt: 2, lengthAt: 1 } },
    { documentReader: { protocol: 'ocr', path: '/dev/ttyUSB0', prefix: 'MRZ:' } },
    { gate: { bus: 'tcp', host: '192.168.7.2', port: 4001 } },
    { gate: { bus: 'tcp', host: 'fd00::2', port: 502, protocol: 'modbus', modbus: relays } },
    { gate: { path: '/dev/ttyUSB0', baud: 9600, protocol: 'modbus', modbus: relays } },
    { documentReader: { serial: 'A' }, gate: { serial: 'B' } },
    { documentReader: { vendorId: 0x0403 }, gate: { vendorId: 0x0403 } },
    { documentReader: { bus: 'hid', serial: 'A' }, gate: { serial: 'A' } },
  ]) {
    assert.deepEqual(linesOf(devices), [], JSON.stringify(devices));
  }
});

const wrong: readonly (readonly [unknown, ...string[]])[] = [
  [
    { fingerScaner: {}, gates: {} },
    'devices.fingerScaner: there is no such setting; there are fingerScanner, slapScanner, documentReader, gate, faceCamera, documentCamera',
    'devices.gates: there is no such setting; there are fingerScanner, slapScanner, documentReader, gate, faceCamera, documentCamera',
  ],
  [[{ gate: {} }], 'devices: is a list, and must be one object in braces: write one entry for each role'],
  [{ gate: [{}] }, 'devices.gate: is a list, and must be one object in braces: write one entry for each role'],
  [{ gate: '/dev/ttyUSB0' }, 'devices.gate: is "/dev/ttyUSB0", and must be an object in braces'],
  [
    { gate: { path: '/dev/ttyUSB0', vendorId: 4617, productId: 3 } },
    'devices.gate.path: stands beside vendorId, productId or serial: give either the path or what names the device wherever it is plugged in',
  ],
  [{ gate: { baud: 100 } }, 'devices.gate.baud: is 100, and must be 300 or more'],
  [{ gate: { baud: '9600' } }, 'devices.gate.baud: is "9600", and must be a number'],
  [{ gate: { vendorId: 70000 } }, 'devices.gate.vendorId: is 70000, and must be 65535 or less'],
  [{ gate: { vendorId: 1.5 } }, 'devices.gate.vendorId: is 1.5, and must be a whole number'],
  [{ gate: { serial: '' } }, 'devices.gate.serial: is 0 characters long, and must be 1 or more'],
  [{ gate: { bus: 'usb' } }, 'devices.gate.bus: is "usb", and must be "serial" or "tcp"'],
  [{ documentReader: { bus: 'tcp' } }, 'devices.documentReader.bus: is "tcp", and must be "serial" or "hid"'],
  [
    { documentReader: { bus: 'hid', path: '/dev/hidraw0', baud: 9600 } },
    'devices.documentReader.path: is for serial readers, and bus is "hid": name the reader by vendorId, productId or serial',
    'devices.documentReader.baud: is for serial readers, and bus is "hid": leave it out',
  ],
  [
    { documentReader: { usagePage: 140 } },
    'devices.documentReader.usagePage: is for HID readers, and bus is "serial": leave it out, or set bus to "hid"',
  ],
  [
    { documentReader: { lrc: true } },
    'devices.documentReader.lrc: is for plain readers, and protocol is "framed": leave it out, or set protocol to "ocr"',
  ],
  [
    { documentReader: { protocol: 'ocr' } },
    'devices.documentReader: names no device, and a reader with protocol "ocr" cannot be asked who it is: give its path, or vendorId, productId or serial',
  ],
  [
    { documentReader: { protocol: 'ocr', serial: 'A', prefix: 'much too long' } },
    'devices.documentReader.prefix: is "much too long": must be 1 to 8 printable characters',
  ],
  [
    { documentReader: { bus: 'hid', protocol: 'ocr', vendorId: 1, lengthAt: 1 } },
    'devices.documentReader.lengthAt: must be less than textAt: the length stands before the text',
  ],
  [
    { gate: { bus: 'tcp' } },
    'devices.gate.host: is missing: a board on tcp is never looked for',
    'devices.gate.port: is missing: Modbus boards listen on 502',
  ],
  [
    { gate: { bus: 'tcp', host: 'gate.example', port: 502 } },
    'devices.gate.host: must be an IP address such as "192.168.7.2"; names are not looked up',
  ],
  [{ gate: { bus: 'tcp', host: '10.0.0.2', port: 0 } }, 'devices.gate.port: is 0, and must be 1 or more'],
  [
    { gate: { bus: 'tcp', host: '10.0.0.2', port: 502, path: '/dev/ttyUSB0' } },
    'devices.gate.path: is for boards on serial, and bus is "tcp": give host and port instead',
  ],
  [
    { gate: { host: '10.0.0.2' } },
    'devices.gate.host: is for boards on tcp, and bus is "serial": leave it out, or set bus to "tcp"',
  ],
  [{ gate: { parity: 'even' } }, 'devices.gate.parity: is for relay boards on a serial line: leave it out'],
  [
    { gate: { path: '/dev/ttyS0', protocol: 'modbus' } },
    'devices.gate.modbus: is missing: it says which coil and input is what',
  ],
  [
    { gate: { modbus: relays } },
    'devices.gate.modbus: is for relay boards, and protocol is "limen": leave it out, or set protocol to "modbus"',
  ],
  [
    { gate: { protocol: 'modbus', modbus: relays } },
    'devices.gate: names no device, and a Modbus board cannot be asked who it is: give its path, or vendorId, productId or serial',
  ],
  [
    { gate: { path: '/dev/ttyS0', protocol: 'modbus', modbus: { ...relays, outputs: { door: { address: 0 } } } } },
    'devices.gate.modbus: has nothing that closes the door when the kiosk falls silent: name outputs.deadMan, or set the board to switch off by itself and say so with boardWatchdog',
  ],
  [
    { gate: { path: '/dev/ttyS0', protocol: 'modbus', modbus: { ...relays, unit: 0 } } },
    'devices.gate.modbus.unit: must be 1 to 247 on a serial line',
  ],
  [
    {
      gate: {
        path: '/dev/ttyS0',
        protocol: 'modbus',
        modbus: { ...relays, inputs: { closed: { address: 3 }, passage: { address: 3 } } },
      },
    },
    'devices.gate.modbus.inputs.passage.address: 3 is that of "closed" already: give every signal an address of its own',
  ],
  [
    {
      gate: {
        path: '/dev/ttyS0',
        protocol: 'modbus',
        modbus: { ...relays, inputs: { closed: { address: 0 }, passage: { address: 64 } } },
      },
    },
    'devices.gate.modbus.inputs: lie too far apart: they are read at once, and 64 addresses are the most',
  ],
  [
    { gate: { path: '/dev/ttyS0', protocol: 'modbus', modbus: { ...relays, inputs: { closed: { address: 0 } } } } },
    'devices.gate.modbus.inputs.passage: is missing',
  ],
  [
    { gate: { path: '/dev/ttyS0', protocol: 'modbus', modbus: { ...relays, outputs: { dor: { address: 0 } } } } },
    'devices.gate.modbus.outputs.door: is missing',
    'devices.gate.modbus.outputs.dor: there is no such setting; there are door, green, red, buzzer, deadMan',
  ],
  [
    { documentReader: { path: '/dev/ttyUSB0' }, gate: { path: '/dev/ttyUSB0' } },
    'devices.gate.path: is that of documentReader already: each role is filled by a device of its own',
  ],
  [
    { fingerScanner: { serial: 'X-1' }, documentReader: { bus: 'hid', vendorId: 3, serial: 'X-1' } },
    'devices.documentReader.serial: is that of fingerScanner already: each role is filled by a device of its own',
  ],
  [
    { fingerScanner: { settings: { gainPercent: 101, gain: 5 } } },
    'devices.fingerScanner.settings.gainPercent: is 101, and must be 100 or less',
    'devices.fingerScanner.settings.gain: there is no such setting; there are gainPercent, sleepAfterSeconds, captureQualityPercent, watchFinger',
  ],
];

for (const [devices, ...lines] of wrong) {
  test(`devices ${JSON.stringify(devices).slice(0, 90)} are told in a line a technician understands`, () => {
    assert.deepEqual(linesOf(devices), lines);
  });
}

test('docs/configuration.md shows the lines that are printed', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```(?:text)?\n(\/etc\/limen\/kiosk\.json is not a valid[^`]*)```/.exec(page) ?? [];
  const given = {
    ...example,
    windows: [{ ...example.windows[0], audience: 'visitor' }],
    central: { ...example.central, url: 'http://central.example' },
    devices: { gate: { baud: 100 }, scanner: {} },
    journey: { warnMs: 0 },
    colour: 'red',
  };
  assert.throws(() => checkConfig(given, file), { message: shown.trimEnd() });
});

test('the examples of docs/configuration.md are valid', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [whole, devices] = [...page.matchAll(/```json\n([^`]*)```/g)].map(
    ([, block = '']) => JSON.parse(block) as object,
  );
  assert.ok(whole && devices);
  assert.equal(checkConfig(whole, file).devices.gate?.protocol, 'limen');
  assert.equal(checkConfig({ ...example, devices }, file).devices.gate?.modbus?.inputs.released?.activeLow, true);
});
