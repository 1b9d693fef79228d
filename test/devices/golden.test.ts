import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import type { UsbPort, UsbSetup } from '../../main/devices/usb-port.ts';
import { replay } from './golden/replay.ts';
import { sessions } from './golden/sessions.ts';
import { recordUsb } from './transcript-recorder.ts';
import { TranscriptUsbPort } from './transcript-replay.ts';
import { readGolden, stepsOf } from './transcript.ts';

for (const [name, session] of Object.entries(sessions)) {
  test(`the ${name}'s driver says and understands what was recorded`, () => replay(session, readGolden(name)));

  test(`another word than the ${name}'s transcript has fails and names its line`, async () => {
    const steps = readGolden(name);
    for (const step of steps.filter(({ kind }) => kind === '=>' || kind === 'set')) {
      const altered = steps.map((other) =>
        other === step ? { ...step, bytes: step.bytes.map((byte) => byte ^ 1) } : other,
      );
      await assert.rejects(replay(session, altered), { message: new RegExp(`^line ${step.number} is other: `) });
    }
  });

  test(`a transcript of the ${name} that ends early fails and names its last line`, async () => {
    const steps = readGolden(name);
    const cut = steps.slice(
      0,
      steps.findLastIndex(({ kind }) => kind === '=>'),
    );
    const { number } = cut.at(-1)!;
    await assert.rejects(replay(session, cut), { message: new RegExp(`^after the end, line ${number}: => `) });
  });

  test(`what is left of the ${name}'s transcript fails and names its first line`, async () => {
    const steps = readGolden(name);
    const extra = { ...steps.find(({ kind }) => kind === '=>')!, number: 999 };
    await assert.rejects(replay(session, [...steps, extra]), { message: /^not played, from line 999: => / });
  });
}

const setup: UsbSetup = { requestType: 'vendor', recipient: 'device', request: 4, value: 0x4e, index: 0 };
const usbLines = [
  'out:40:04:004e:0000 10',
  '<=81 aa56',
  '=>02 0102',
  '<=82 ffff',
  'in:c0:04:004e:0000 10',
  'in:c0:04:004e:0000 stall',
];

/** Waits on two endpoints at once, as drivers do. */
async function talk(port: UsbPort, mode = 0x10): Promise<string> {
  const bulk = port.read(0x82, 64);
  bulk.catch(() => {});
  await port.controlOut(setup, Uint8Array.of(mode));
  const interrupt = await port.read(0x81, 64);
  await port.write(0x02, Uint8Array.of(1, 2));
  const bytes = [...interrupt, ...(await bulk), ...(await port.controlIn(setup, 1))];
  const refused = await port.controlIn(setup, 1).catch((error: unknown) => Fault.from(error).code);
  return `${Buffer.from(bytes).toString('hex')} ${String(refused)}`;
}

test('a USB conversation is replayed endpoint by endpoint, and recorded as it was', async () => {
  const port = new TranscriptUsbPort(stepsOf(usbLines));
  const lines: string[] = [];
  assert.equal(await talk(recordUsb(port, (line) => lines.push(line))), 'aa56ffff10 device.protocol');
  port.finish();
  assert.deepEqual(lines, usbLines);
});

test('a USB conversation that is other, ends early or leaves something fails and names the line', async () => {
  const other = new TranscriptUsbPort(stepsOf(usbLines));
  await assert.rejects(talk(other, 0x12), { message: /^line 1 is other: out:40:04:004e:0000 10/ });
  assert.throws(() => other.finish(), { message: /^line 1 is other: / });
  const early = new TranscriptUsbPort(stepsOf(usbLines.slice(0, 2)));
  await assert.rejects(talk(early), { message: /^after the end, line 2: =>02 0102/ });
  const left = new TranscriptUsbPort(stepsOf([...usbLines, '<=81 00']));
  await talk(left);
  assert.throws(() => left.finish(), { message: /^not played, from line 7: <=81 00/ });
});
