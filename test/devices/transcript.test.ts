import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReaderEvent } from '../../main/devices/document-reader.ts';
import { FingerImager } from '../../main/devices/finger-imager.ts';
import type { ScanEvent } from '../../main/devices/finger-scanner.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { FramedDocumentReader } from '../../main/devices/framed-document-reader.ts';
import { HidFramePort } from '../../main/devices/hid-byte-ports.ts';
import { ModbusGate } from '../../main/devices/modbus-gate.ts';
import { TextFrameReader } from '../../main/devices/text-frames.ts';
import { DocumentReaderModel } from '../sim/devices/document-reader-model.ts';
import { FingerImagerModel } from '../sim/devices/finger-imager-model.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import { HidReaderModel } from '../sim/devices/hid-reader-model.ts';
import { ModbusBoardModel } from '../sim/devices/modbus-board-model.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';
import { TranscriptPort } from './transcript-replay.ts';
import { readBlock, readTranscript, type Step } from './transcript.ts';

const never = new AbortController().signal;
const image = {
  widthPx: 16,
  heightPx: 16,
  dpi: 500,
  pixels: Uint8Array.from({ length: 256 }, (_, n) => (7 * n) & 255),
};
const lines = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'];

/** Plays the host's part to a model, moving a hand when the model waits for one, and compares every byte it says. */
async function playTo(
  model: { onInput: (bytes: Uint8Array) => void },
  give: (step: Step) => void | Promise<void>,
  steps: readonly Step[],
  clock: VirtualClock,
  hand: (expected: Step) => void,
): Promise<void> {
  const said: Uint8Array[] = [];
  model.onInput = (bytes) => said.push(bytes);
  for (const step of steps) {
    if (step.kind !== '<=') {
      await give(step);
      continue;
    }
    if (said.length === 0) hand(step);
    if (said.length === 0) await clock.pass(450);
    assert.equal(Buffer.from(said.shift() ?? []).toString('hex'), Buffer.from(step.bytes).toString('hex'), step.line);
  }
  assert.equal(said.length, 0);
}

function giveTo(model: FingerImagerModel, { kind, bytes }: Step): void {
  if (kind === '=>') model.output(bytes);
  else if (kind === 'set') model.setFeature(bytes);
  else assert.deepEqual(model.getFeature(bytes[0]!), bytes);
}

test('the imager driver says and understands what docs/hid-finger-imager.md shows', async () => {
  const clock = new VirtualClock();
  const port = new TranscriptPort(readTranscript('hid-finger-imager.md'));
  const settings = { gainPercent: 40, sleepAfterSeconds: 300 };
  const scan = async (): Promise<ScanEvent[]> => {
    const scanner = await FingerImager.open(port, { clock, random: () => 0, settings });
    const events: ScanEvent[] = [];
    for await (const event of scanner.capture({ signal: never, position: 'right-index' })) events.push(event);
    return events;
  };
  assert.deepEqual(await clock.run(scan()), [
    { type: 'finger', present: true },
    { type: 'image', image },
  ]);
  port.finish();
});

test('the imager model says and understands what docs/hid-finger-imager.md shows', async () => {
  const clock = new VirtualClock();
  const model = new FingerImagerModel({ clock, image: () => image, minor: 0 });
  await playTo(
    model,
    (step) => giveTo(model, step),
    readTranscript('hid-finger-imager.md'),
    clock,
    () => model.finger(true),
  );
});

test('a host of version 1.0 finds in a device of 1.1 what it always found', async () => {
  const clock = new VirtualClock();
  const model = new FingerImagerModel({ clock, image: () => image });
  // Who it is and what it can do may say more; every report to it is answered with the same bytes.
  const steps = readTranscript('hid-finger-imager.md').filter(({ kind }) => kind !== 'get');
  await playTo(
    model,
    (step) => giveTo(model, step),
    steps,
    clock,
    () => model.finger(true),
  );
});

test('driver and model say and understand what docs/hid-finger-imager.md shows of version 1.1', async () => {
  const clock = new VirtualClock();
  const steps = readTranscript('hid-finger-imager.md', 'transcript-1.1');
  const port = new TranscriptPort(steps);
  const settings = { gainPercent: 0, sleepAfterSeconds: 0, captureQualityPercent: 60, watchFinger: true };
  const types: string[] = [];
  const scan = async (): Promise<void> => {
    const scanner = await FingerImager.open(port, { clock, random: () => 0, settings });
    assert.equal(scanner.calibratedOn, '2026-03-14');
    const options = { signal: never, position: 'left-thumb', previews: true, onCommand: true } as const;
    for await (const event of scanner.capture(options)) {
      types.push(event.type);
      if (event.type === 'preview') assert.equal(await scanner.captureNow(), true);
      if (event.type !== 'finger') assert.deepEqual('image' in event && event.image, image);
    }
  };
  await clock.run(scan());
  assert.deepEqual(types, ['finger', 'preview', 'image']);
  port.finish();
  // Slow enough that no second preview comes before the host has taken the first.
  const model = new FingerImagerModel({ clock, image: () => image, previewMs: 300 });
  await playTo(
    model,
    (step) => giveTo(model, step),
    steps,
    clock,
    () => model.finger(true),
  );
});

test('the reader driver says and understands what docs/document-reader.md shows', async () => {
  const clock = new VirtualClock();
  const port = new TranscriptPort(readTranscript('document-reader.md'));
  const read = async (): Promise<ReaderEvent[]> => {
    const reader = await FramedDocumentReader.open(port, { clock });
    const events: ReaderEvent[] = [];
    for await (const event of reader.read({ signal: never })) {
      events.push(event);
      if (event.type === 'removed') break;
    }
    return events;
  };
  assert.deepEqual(await clock.run(read()), [{ type: 'placed' }, { type: 'lines', lines }, { type: 'removed' }]);
  port.finish();
});

test('the reader model says and understands what docs/document-reader.md shows', async () => {
  const clock = new VirtualClock();
  const model = new DocumentReaderModel({ clock });
  const hand = (expected: Step): void => {
    if (expected.bytes[1] === 'P'.charCodeAt(0)) model.place({ lines });
    if (expected.bytes[1] === 'R'.charCodeAt(0)) model.remove();
  };
  await playTo(model, ({ bytes }) => model.receive(bytes), readTranscript('document-reader.md'), clock, hand);
});

test('driver and model say and understand the page of docs/document-reader.md', async () => {
  const page = Buffer.from('ffd8ffd9', 'hex');
  const steps = readTranscript('document-reader.md', 'page-transcript');
  const clock = new VirtualClock();
  const port = new TranscriptPort(steps);
  const events: ReaderEvent[] = [];
  const read = async () => {
    const reader = await FramedDocumentReader.open(port, { clock });
    for await (const event of reader.read({ signal: never })) {
      events.push(event);
      if (event.type === 'page') break;
    }
  };
  await clock.run(read());
  assert.deepEqual(events.at(-1), { type: 'page', bytes: new Uint8Array(page) });
  port.finish();
  const model = new DocumentReaderModel({ clock, gives: 'lines portrait page' });
  const hand = (expected: Step): void => {
    if (expected.bytes[1] === 'P'.charCodeAt(0)) model.place({ lines: [], page });
  };
  await playTo(model, ({ bytes }) => model.receive(bytes), steps, clock, hand);
});

test('driver and model say and understand the HID reports of docs/document-reader.md', async () => {
  const steps = readTranscript('document-reader.md', 'hid-transcript').map((step) => {
    const bytes = new Uint8Array(64);
    bytes.set(step.bytes);
    return { ...step, bytes };
  });
  const clock = new VirtualClock();
  const port = new TranscriptPort(steps);
  const read = async (): Promise<ReaderEvent[]> => {
    const reader = await FramedDocumentReader.open(new HidFramePort(port, clock), { clock });
    const events: ReaderEvent[] = [];
    for await (const event of reader.read({ signal: never })) {
      events.push(event);
      if (event.type === 'removed') break;
    }
    return events;
  };
  assert.deepEqual(await clock.run(read()), [{ type: 'placed' }, { type: 'lines', lines }, { type: 'removed' }]);
  port.finish();
  const model = new HidReaderModel({ clock });
  const hand = (expected: Step): void => {
    if (expected.bytes[6] === 'P'.charCodeAt(0)) model.reader.place({ lines });
    if (expected.bytes[6] === 'R'.charCodeAt(0)) model.reader.remove();
  };
  await playTo(model, ({ bytes }) => model.output(bytes), steps, clock, hand);
});

test('plain readers send and are understood as docs/document-reader.md shows', () => {
  const zone = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'];
  const ways = {
    'STX CR ETX LRC': { lrc: true },
    'CR LF': { frames: 'none', separator: '\r\n' },
    'frame a line, LRC': { frames: 'line', lrc: true },
    'lower case, LF': { frames: 'none', separator: '\n', lowerCase: true },
    'even parity': { parity: 'even' },
  } as const;
  const shown = Object.fromEntries(readBlock('document-reader.md', 'text-frames').map((line) => line.split(': ')));
  assert.deepEqual(Object.keys(shown), Object.keys(ways));
  for (const [name, way] of Object.entries(ways)) {
    const model = new DocumentReaderModel({ clock: new VirtualClock(), protocol: 'ocr', ...way });
    const sent: Uint8Array[] = [];
    model.onInput = (bytes) => sent.push(bytes);
    model.place({ lines: zone });
    assert.equal(Buffer.concat(sent).toString('hex'), shown[name], name);
    const reader = new TextFrameReader();
    const news = [...reader.push(Buffer.from(shown[name], 'hex')), ...reader.rest()];
    assert.deepEqual(news, [{ type: 'lines', lines: zone }], name);
  }
});

test('the gate driver says and understands what docs/gate.md shows', async () => {
  const clock = new VirtualClock();
  const port = new TranscriptPort(readTranscript('gate.md'));
  let passages = 0;
  const pass = async (): Promise<void> => {
    const gate = await GateBoard.open(port, { clock, random: () => 0 });
    gate.onPassage(() => passages++);
    await gate.open({ signal: never });
    await gate.close();
    await gate.closePort();
  };
  await clock.run(pass());
  assert.equal(passages, 1);
  port.finish();
});

test('the gate model says and understands what docs/gate.md shows', async () => {
  const clock = new VirtualClock();
  const model = new GateModel({ clock, travelMs: 400 });
  const hand = (expected: Step): void => {
    if (expected.line.includes('PASS')) model.passage();
  };
  await playTo(model, ({ bytes }) => model.receive(bytes), readTranscript('gate.md'), clock, hand);
});

test('driver and model say and understand how docs/gate.md has one follow another', async () => {
  const steps = readTranscript('gate.md', 'tailgating-transcript');
  const clock = new VirtualClock();
  const port = new TranscriptPort(steps);
  const follow = async (): Promise<void> => {
    const gate = await GateBoard.open(port, { clock, random: () => 0 });
    await gate.buzz('once');
    assert.equal(await gate.open({ signal: never }), 'opened');
    await new Promise<void>((resolve) => gate.onTailgating(resolve));
    await gate.buzz('alarm');
    await gate.close();
    await gate.closePort();
  };
  await clock.run(follow());
  port.finish();
  const model = new GateModel({ clock, travelMs: 400, features: 'BUZZER PRESENCE TAILGATING' });
  const hand = (expected: Step): void => {
    if (expected.line.includes('TAILGATE')) model.tailgate();
  };
  await playTo(model, ({ bytes }) => model.receive(bytes), steps, clock, hand);
});

test('driver and model say and understand the mantrap of docs/gate.md', async () => {
  const steps = readTranscript('gate.md', 'mantrap-transcript');
  const clock = new VirtualClock();
  const port = new TranscriptPort(steps);
  const pass = async (): Promise<void> => {
    const gate = await GateBoard.open(port, { clock, random: () => 0 });
    await new Promise<void>((resolve) => gate.onChange(() => gate.sight.people === 1 && resolve()));
    assert.equal(await gate.open({ signal: never }), 'opened');
    await gate.closePort();
  };
  await clock.run(pass());
  port.finish();
  const model = new GateModel({ clock, travelMs: 400, features: 'PEOPLE MANTRAP' });
  const hand = (expected: Step): void => {
    if (expected.line.includes('SIGHT')) model.see({ people: 1 });
  };
  await playTo(model, ({ bytes }) => model.receive(bytes), steps, clock, hand);
});

for (const framing of ['rtu', 'tcp'] as const) {
  test(`driver and model say and understand the Modbus ${framing} of docs/gate.md`, async () => {
    const steps = readTranscript('gate.md', `modbus-${framing}-transcript`);
    const at = (address: number) => ({ address, activeLow: false });
    const map = { outputs: { door: at(0), deadMan: at(4) }, inputs: { closed: at(0), open: at(1), passage: at(2) } };
    const clock = new VirtualClock();
    const port = new TranscriptPort(steps);
    const pass = async (): Promise<void> => {
      const gate = await ModbusGate.open(port, { clock, map, framing, unit: 1 });
      assert.equal(await gate.open({ signal: never }), 'opened');
      await gate.closePort();
    };
    await clock.run(pass());
    port.finish();
    const model = new ModbusBoardModel({ clock, map, framing, travelMs: 60 });
    let polls = 0;
    const give = async ({ bytes }: Step): Promise<void> => {
      // The door has time to move before it is looked at for the second time.
      if (bytes[framing === 'rtu' ? 1 : 7] === 2 && polls++ === 1) await clock.pass(100);
      model.receive(bytes);
    };
    await playTo(model, give, steps, clock, () => {});
  });
}
