import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../main/contract/fault.ts';
import { encodeFrame, maxPayloadBytes } from '../../main/devices/document-frames.ts';
import { FramedDocumentReader } from '../../main/devices/framed-document-reader.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { encodeGateLine } from '../../main/devices/gate-lines.ts';
import { HidFramePort } from '../../main/devices/hid-byte-ports.ts';
import { encodePieces, readerReportId } from '../../main/devices/hid-frames.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import { HidReaderModel } from '../sim/devices/hid-reader-model.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

async function hidReader() {
  const clock = new VirtualClock();
  const bus = new SimHidBus(clock);
  const model = new HidReaderModel({ clock });
  const path = bus.plug(model);
  const device = await clock.run(FramedDocumentReader.open(new HidFramePort(await bus.open(path), clock), { clock }));
  return { clock, bus, model, path, device };
}

/** The reports of one frame, of which only some are sent. */
const pieces = (frame: Uint8Array, sequence: number): Uint8Array[] =>
  encodePieces(readerReportId.toHost, frame, sequence);

test('a HID reader that sends reports without end that come to nothing is closed', async () => {
  const [first] = pieces(encodeFrame('F', 1, new Uint8Array(200)), 9);
  const endless = encodeFrame('F', 1, new Uint8Array(maxPayloadBytes)).subarray(0, 171);
  const floods: ((at: number) => Uint8Array)[] = [
    // Damaged, doubled, empty, begun again and again, and of no frame.
    () => new Uint8Array(64),
    () => first!,
    (at) => pieces(new Uint8Array(0), at & 0xff)[0]!,
    (at) => pieces(encodeFrame('F', 1, new Uint8Array(200)), at & 0xff)[0]!,
    (at) => pieces(encodeFrame('F', 1, new Uint8Array(200)), (at - 1) & 0xff)[1]!,
    // A frame that never ends.
    (at) => {
      const [head, body] = pieces(endless, (at - 1) & 0xff);
      return at === 0 ? head! : body!;
    },
  ];
  for (const [name, flood] of floods.entries()) {
    const { clock, bus, model, path, device } = await hidReader();
    for (let at = 0; at < 200_000 && bus.portOf(path)!.listeners > 0; at++) {
      model.onInput(flood(at));
      if (at % 1_000 === 0) await clock.pass(1);
    }
    await clock.pass(10);
    assert.equal((await clock.run(device.lost)).code, 'device.protocol', `flood ${name}`);
    assert.equal(bus.portOf(path)!.listeners, 0);
  }
});

test('a HID reader may send any reports at all', async () => {
  const report = fc.oneof(
    fc.uint8Array({ maxLength: 70 }),
    fc
      .tuple(
        fc.constantFrom('A', 'N', 'P', 'M', 'F', 'T', 'D', 'R'),
        fc.nat(255),
        fc.uint8Array({ maxLength: 150 }),
        fc.nat(3),
      )
      .map(([kind, sequence, payload, at]) => {
        const all = pieces(encodeFrame(kind, sequence, payload), sequence);
        return all[at % all.length]!;
      }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(report, { maxLength: 60 }), async (reports) => {
      const { clock, model, device } = await hidReader();
      const cancel = new AbortController();
      const stop = clock.after(60_000, () => cancel.abort());
      const reading = (async () => {
        for await (const event of device.read({ signal: cancel.signal })) assert.ok(event.type);
      })();
      await clock.pass(10);
      for (const one of reports) model.onInput(one);
      await assert.rejects(clock.run(reading), Fault);
      stop();
      await device.closePort();
      await clock.pass(10);
      assert.equal(clock.pending, 0);
    }),
    { numRuns: 60 },
  );
});

test('a report that is lost costs the frame it belonged to, and no other', async () => {
  const { clock, model, device } = await hidReader();
  const lines = ['A'.repeat(44), 'B'.repeat(44)];
  const send = model.onInput;
  let sent = 0;
  // The second report of the lines never comes: the driver asks for them again.
  model.onInput = (report) => void (++sent === 4 || send(report));
  clock.after(100, () => model.reader.place({ lines }));
  const events: string[] = [];
  const read = async (): Promise<void> => {
    for await (const event of device.read({ signal: new AbortController().signal })) {
      events.push(event.type);
      if (event.type !== 'lines') continue;
      assert.deepEqual(event.lines, lines);
      break;
    }
  };
  await clock.run(read());
  assert.deepEqual(events, ['placed', 'lines']);
  assert.equal(device.counters.damaged, 1);
});

test('a gate board may say anything of people, and its door is never taken for open on the strength of it', async () => {
  const field = fc.oneof(
    fc.constantFrom(
      'CLOSED',
      'OPENING',
      'BLOCKED',
      'RED',
      '--',
      '-',
      '0000',
      '0001',
      'FFFF',
      'BIT',
      '1',
      '9',
      'NORMAL',
      'FAILSAFE',
      'RELEASED',
    ),
    fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[^A-Za-z0-9 ._:/-]/g, '')),
  );
  const kind = fc.constantFrom('STATE', 'PASS', 'SIGHT', 'TAILGATE', 'MODE', 'FAULT', 'OTHER');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(kind, fc.array(field, { maxLength: 12 })), { maxLength: 20 }),
      async (events) => {
        const clock = new VirtualClock();
        const bus = new SimByteBus(clock);
        const model = new GateModel({ clock, features: 'BUZZER PRESENCE PEOPLE TAILGATING MANTRAP RELEASE' });
        const gate = await clock.run(GateBoard.open(await bus.open(bus.plug(model)), { clock }));
        for (const [at, [what, fields]] of events.entries()) {
          model.onInput(encodeGateLine({ mark: '!', sequence: at, fields: [what, ...fields] }));
        }
        await clock.pass(5);
        assert.notEqual(gate.state, 'open');
        const { people = 0 } = gate.sight;
        assert.ok(people >= 0 && people <= 9);
        await gate.closePort();
        const { code } = await clock.run(gate.lost);
        assert.match(code, /^device\.(absent|protocol|broken)$/);
      },
    ),
    { numRuns: 200 },
  );
});
