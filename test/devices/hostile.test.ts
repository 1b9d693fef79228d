import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../main/contract/fault.ts';
import { encodeFrame, FrameReader, maxPayloadBytes, mrzLines } from '../../main/devices/document-frames.ts';
import { FingerImager } from '../../main/devices/finger-imager.ts';
import { decodeFragment, decodeMessage, seal } from '../../main/devices/finger-imager-protocol.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { encodeGateLine, GateLineReader } from '../../main/devices/gate-lines.ts';
import { FramedDocumentReader } from '../../main/devices/framed-document-reader.ts';
import { DocumentReaderModel } from '../sim/devices/document-reader-model.ts';
import { FingerImagerModel } from '../sim/devices/finger-imager-model.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;
const image = { widthPx: 40, heightPx: 30, dpi: 500, pixels: new Uint8Array(1200).fill(9) };

async function drain(events: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown;
  for await (const event of events) last = event;
  return last;
}

async function scanner() {
  const clock = new VirtualClock();
  const bus = new SimHidBus(clock);
  const model = new FingerImagerModel({ clock, image: () => image });
  const path = bus.plug(model);
  const device = await clock.run(FingerImager.open(await bus.open(path), { clock, random: () => 0 }));
  return { clock, bus, model, path, device };
}

/** Changes what a model says before it goes on the cable. */
function tamper(model: { onInput: (bytes: Uint8Array) => void }, change: (bytes: Uint8Array) => Uint8Array[]): void {
  const send = model.onInput;
  model.onInput = (bytes) => {
    for (const changed of change(bytes.slice())) send(changed);
  };
}

const typed = (error: unknown): true => {
  assert.ok(error instanceof Fault);
  assert.match(error.code, /^device\.(protocol|timeout|broken|busy)$/);
  return true;
};

function report(...bytes: number[]): Uint8Array {
  const whole = new Uint8Array(64);
  whole.set(bytes);
  return seal(whole);
}

test('a scanner that floods is closed', async () => {
  for (const flood of [
    () => new Uint8Array(64),
    () => report(0x21, 1),
    (at: number) => report(0x20, 1, 0, at & 255, 0, 1, 1),
  ]) {
    const { clock, model, device } = await scanner();
    for (let at = 1; at < 3_000; at++) model.onInput(flood(at));
    assert.equal((await clock.run(device.lost)).code, 'device.protocol');
    await assert.rejects(drain(device.capture({ signal: never })), typed);
  }
});

test('a scanner that tells of fingers for ever without an image is given up', async () => {
  const { clock, model, device } = await scanner();
  const capture = drain(device.capture({ signal: never }));
  await clock.pass(100);
  const storm = (at: number): void => {
    for (let n = 0; n < 50; n++) model.finger((at + n) % 2 === 0);
    if (at < 1_000) clock.after(10, () => storm(at + 1));
  };
  storm(0);
  await assert.rejects(clock.run(capture), typed);
});

test('an announced image that lies about itself is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(19), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const { clock, model, device } = await scanner();
      tamper(model, (report) => {
        const announces = report[0] === 0x20 && report[1] === 3;
        if (announces) report[6 + at]! ^= flip;
        return [announces ? seal(report) : report];
      });
      clock.after(100, () => model.finger(true));
      // The image number alone may be another than the device's own: then the device does not know it.
      await assert.rejects(clock.run(drain(device.capture({ signal: never }))), typed);
    }),
    { numRuns: 100 },
  );
});

test('fragments that lie about their place, length or image never make a wrong image', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 61 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, flip, always) => {
        const { clock, model, device } = await scanner();
        let told = 0;
        tamper(model, (report) => {
          const change = report[0] === 0x21 && (always || told++ === 3);
          if (change) report[at]! ^= flip;
          return [change ? seal(report) : report];
        });
        clock.after(100, () => model.finger(true));
        const last = await clock.run(drain(device.capture({ signal: never }))).catch(typed);
        if (last !== true) assert.deepEqual(last, { type: 'image', image });
      },
    ),
    { numRuns: 100 },
  );
});

test('answers with another transaction are not taken', async () => {
  const { clock, model, device } = await scanner();
  tamper(model, (report) => {
    if (report[0] === 0x20 && report[1]! >= 0x80) report[2] = (report[2]! + 1) & 255;
    return [seal(report)];
  });
  await assert.rejects(clock.run(drain(device.capture({ signal: never }))), typed);
});

test('events and fragments of an earlier scan are not taken for this one', async () => {
  const { clock, model, device } = await scanner();
  const first: Uint8Array[] = [];
  const send = model.onInput;
  model.onInput = (report) => {
    first.push(report);
    send(report);
  };
  clock.after(100, () => model.finger(true));
  await clock.run(drain(device.capture({ signal: never })));
  model.onInput = send;
  model.finger(false);
  const second = drain(device.capture({ signal: never }));
  await clock.pass(50);
  for (const report of first) send(report);
  await clock.pass(50);
  const other = { ...image, pixels: new Uint8Array(1200).fill(200) };
  Object.assign(image, { pixels: other.pixels });
  clock.after(100, () => model.finger(true));
  assert.deepEqual(await clock.run(second), { type: 'image', image: other });
});

test('bytes of any kind are never more than dropped by the decoders', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1100 }), (bytes) => {
      decodeMessage(bytes);
      decodeFragment(bytes, 64);
      mrzLines(Buffer.from(bytes).toString('latin1'));
      new GateLineReader().push(bytes);
      new FrameReader().push(bytes);
    }),
    { numRuns: 300 },
  );
});

test('frames survive any cutting and any noise between them', () => {
  const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte <= 2 ? 3 : byte)));
  const payload = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(noise, payload), { maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 50 })),
      (parts, cuts) => {
        const stream = Buffer.concat(parts.flatMap(([noise, payload], at) => [noise, encodeFrame('F', at, payload)]));
        const reader = new FrameReader();
        const got: Uint8Array[] = [];
        for (let at = 0; at < stream.length;) {
          const next = at + cuts.next().value!;
          for (const frame of reader.push(stream.subarray(at, next)))
            if (frame.type === 'binary') got.push(frame.payload);
          at = next;
        }
        assert.deepEqual(
          got,
          parts.map(([, payload]) => payload),
        );
        assert.equal(reader.midway, false);
      },
    ),
  );
});

test('a damaged header does not cost the frame behind it', () => {
  const good = encodeFrame('M', 7, Uint8Array.of(9, 8, 7));
  const bad = encodeFrame('M', 6, new Uint8Array(0)).subarray(0, 8);
  bad[4]! ^= 0x40;
  for (let cut = 1; cut <= 8; cut++) {
    const frames = new FrameReader().push(Buffer.concat([bad.subarray(0, cut), good]));
    assert.deepEqual(
      frames.map(({ type }) => type),
      ['damaged', 'binary'],
    );
  }
});

test('a frame that is too long is refused before it is kept', () => {
  const header = encodeFrame('F', 1, new Uint8Array(maxPayloadBytes + 1)).subarray(0, 8);
  assert.deepEqual(new FrameReader().push(header), [{ type: 'damaged' }]);
});

test('a document reader that floods is closed', async () => {
  for (const chunk of [new Uint8Array(4_096), encodeFrame('F', 1, new Uint8Array(100_000)), Buffer.alloc(4_096, 2)]) {
    const clock = new VirtualClock();
    const bus = new SimByteBus(clock);
    const model = new DocumentReaderModel({ clock });
    const device = await clock.run(FramedDocumentReader.open(await bus.open(bus.plug(model)), { clock }));
    for (let at = 0; at < 200; at++) model.onInput(chunk);
    assert.equal((await clock.run(device.lost)).code, 'device.protocol');
  }
});

test('a document reader may say anything at all', async () => {
  const kinds = fc.constantFrom('A', 'N', 'P', 'M', 'F', 'T', 'D', 'R', 'Z');
  const frame = fc.tuple(kinds, fc.nat(255), fc.uint8Array({ maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 40 }), fc.uint8Array({ maxLength: 60 }), async (frames, noise) => {
      const clock = new VirtualClock();
      const bus = new SimByteBus(clock);
      const model = new DocumentReaderModel({ clock });
      const port = await bus.open(bus.plug(model));
      const device = await clock.run(FramedDocumentReader.open(port, { clock }));
      const cancel = new AbortController();
      const stop = clock.after(60_000, () => cancel.abort());
      const reading = drain(device.read({ signal: cancel.signal }));
      await clock.pass(10);
      for (const [kind, sequence, payload] of frames) model.onInput(encodeFrame(kind, sequence, payload));
      model.onInput(noise);
      await assert.rejects(clock.run(reading), Fault);
      stop();
      await device.closePort();
      await clock.pass(1);
      assert.equal(clock.pending, 0);
    }),
    { numRuns: 60 },
  );
});

test('page offers and fragments that lie never make a wrong page', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('D', 'A'),
      fc.nat(4_000),
      fc.integer({ min: 1, max: 255 }),
      async (kind, at, flip) => {
        const clock = new VirtualClock();
        const bus = new SimByteBus(clock);
        const model = new DocumentReaderModel({ clock, gives: 'page' });
        const page = new Uint8Array(9_000).fill(7);
        const device = await clock.run(FramedDocumentReader.open(await bus.open(bus.plug(model)), { clock }));
        tamper(model, (bytes) => {
          const payload = bytes.slice(8, -4);
          const offers = bytes[1] === kind.charCodeAt(0) && payload.length > (kind === 'A' ? 100 : 3);
          if (offers) payload[(kind === 'A' ? 1 : 3) + (at % (payload.length - 3))]! ^= flip;
          return [offers ? encodeFrame(kind, bytes[2]!, payload) : bytes];
        });
        clock.after(100, () => model.place({ lines: [], page }));
        const cancel = new AbortController();
        clock.after(30_000, () => cancel.abort());
        const seen: string[] = [];
        const read = async () => {
          for await (const { type } of device.read({ signal: cancel.signal })) seen.push(type);
        };
        await assert.rejects(clock.run(read()), Fault);
        assert.ok(!seen.includes('page'), seen.join());
        await device.closePort();
      },
    ),
    { numRuns: 60 },
  );
});

test('a gate board that floods or talks nonsense is closed', async () => {
  for (const chunk of [
    Buffer.alloc(4_096, 0x24),
    encodeGateLine({ mark: '!', sequence: 0, fields: ['STATE', 'OPEN', 'RED', '--', 'FFFF'] }),
    encodeGateLine({ mark: '!', sequence: 0, fields: ['STATE', 'AJAR'] }),
  ]) {
    const clock = new VirtualClock();
    const bus = new SimByteBus(clock);
    const model = new GateModel({ clock });
    const gate = await clock.run(GateBoard.open(await bus.open(bus.plug(model)), { clock }));
    let passages = 0;
    gate.onPassage(() => passages++);
    for (let at = 0; at < 3_000; at++) model.onInput(chunk);
    assert.equal((await clock.run(gate.lost)).code, 'device.protocol');
    assert.equal(gate.state, 'unknown');
    assert.equal(passages, 0);
  }
});
