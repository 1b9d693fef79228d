import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault, type FaultCode } from '../../main/contract/fault.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import type { ScanEvent } from '../../main/devices/finger-scanner.ts';
import { UareuScanner } from '../../main/devices/uareu.ts';
import { decodeHeader } from '../../main/devices/uareu-image.ts';
import { responseTo } from '../../main/devices/uareu-power.ts';
import { registerSetup } from '../../main/devices/uareu-registers.ts';
import { advanceKey, nextKey, padOf, unscramble } from '../../main/devices/uareu-scrambling.ts';
import { type FaultRates, seededRandom } from '../sim/devices/fault-line.ts';
import { SimUsbBus } from '../sim/devices/sim-usb-bus.ts';
import { UareuModel, type UareuModelOptions } from '../sim/devices/uareu-model.ts';
import { Scrambler } from '../sim/devices/uareu-scrambler.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';
import { onGlass, ridges } from './contract/uareu-contract.ts';
import { readTranscript, type Step } from './transcript.ts';
import { endpointAddress, setupAddress, TranscriptUsbPort } from './transcript-replay.ts';

const never = new AbortController().signal;
const ids = { vendorId: 0x05ba, productId: 0x000a };
const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

function benchOf(options: Partial<UareuModelOptions> = {}) {
  const clock = new VirtualClock();
  const bus = new SimUsbBus(clock);
  const model = new UareuModel({ clock, image: () => ridges(1), ...options });
  const path = bus.plug(model, ids);
  const open = async (): Promise<UareuScanner> => UareuScanner.open(await bus.open(path), { clock });
  return { clock, bus, model, path, open };
}

async function collect(events: AsyncIterable<ScanEvent>): Promise<ScanEvent[]> {
  const seen: ScanEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

test('each bit of the pad comes from its bit of the key', () => {
  const places = new Map([4, 8, 11, 14, 18, 21, 24, 29].map((bit, place) => [bit, place]));
  for (let bit = 0; bit < 32; bit++) {
    const place = places.get(bit);
    assert.equal(padOf((1 << bit) >>> 0), place === undefined ? 0 : 1 << place, `bit ${bit}`);
  }
});

test('each bit of the key moves down by one, and those of 0x9248144d come back on top', () => {
  const feedback = new Set([0, 2, 3, 6, 10, 12, 19, 22, 25, 28, 31]);
  for (let bit = 0; bit < 32; bit++) {
    const moved = bit === 0 ? 0 : 2 ** (bit - 1);
    assert.equal(nextKey((1 << bit) >>> 0), moved + (feedback.has(bit) ? 2 ** 31 : 0), `bit ${bit}`);
  }
  // Two of them cancel each other out, eleven do not.
  assert.equal(nextKey(0x0000_0005), 0x0000_0002);
  assert.equal(nextKey(0xffff_ffff), 0xffff_ffff);
});

test('a block worked out by hand is put right', () => {
  // Key 00000111: pad 03. Then 80000088, 40000044: pad 00. Then 20000022: pad 80. Then 10000011, and 08000008 behind it.
  const plain = new Uint8Array(5).fill(0x77);
  const key = unscramble(Uint8Array.of(0xaa, 0x10, 0x20, 0x30, 0x40), plain, 0x111);
  assert.deepEqual([...plain], [0x13, 0x20, 0x30, 0xc0, 0x00]);
  assert.equal(key, 0x0800_0008);
  assert.equal(advanceKey(0x111, 5), key);
  assert.equal(unscramble(new Uint8Array(0), new Uint8Array(0), 0x111), 0x111);
});

test('what the model scrambles bit by bit the driver puts right, but for the last byte', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.uint8Array({ minLength: 1, maxLength: 900 }), (key, plain) => {
      const out = new Uint8Array(plain.length);
      unscramble(new Scrambler(key).scramble(plain, 0x55), out, key);
      assert.deepEqual([...out], [...plain.subarray(0, -1), 0]);
    }),
  );
});

test('a challenge is answered by AES-128 of it (FIPS 197, C.1)', () => {
  const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
  const response = responseTo(hex('00112233445566778899aabbccddeeff'), hex('000102030405060708090a0b0c0d0e0f'));
  assert.equal(Buffer.from(response).toString('hex'), '69c4e0d86a7b0430d8cdb78070b4c55a');
});

test('lines that were not sent are white', async () => {
  const blocks = [
    { flags: 0x01, lines: 60 },
    { flags: 0x02, lines: 150 },
    { flags: 0x81, lines: 20 },
    { flags: 0x02, lines: 60 },
  ];
  const { clock, model, open } = benchOf({ blocks });
  const scanner = await clock.run(open());
  model.finger(true);
  const last = (await clock.run(collect(scanner.capture({ signal: never })))).at(-1);
  const expected = onGlass(ridges(1));
  // The sensor is upside down: its first rows are the last of the picture.
  expected.pixels.fill(255, (290 - 60) * 384);
  expected.pixels.fill(255, 60 * 384, 80 * 384);
  assert.ok(last?.type === 'image');
  assert.deepEqual(Buffer.from(last.image.pixels), Buffer.from(expected.pixels));
});

test('an image that cannot be is a fault', async () => {
  for (const [what, at, value] of [
    ['lines over the height', 5, 0xff],
    ['a scrambled block without a key', 16, 0x06],
    ['blocks over the height', 17, 0xff],
  ] as const) {
    const { clock, model, open } = benchOf();
    const scanner = await clock.run(open());
    const send = model.onInput;
    model.onInput = (endpoint, bytes) => {
      if (endpoint === 0x82) bytes[at] = value;
      send(endpoint, bytes);
    };
    model.finger(true);
    await assert.rejects(clock.run(collect(scanner.capture({ signal: never }))), withCode('device.protocol'), what);
  }
  assert.throws(() => decodeHeader(new Uint8Array(63)), withCode('device.protocol'));
});

test('a number of no key, a wrong key and images that are never whole are faults, and never an image', async () => {
  const meddle: ((model: UareuModel) => void)[] = [
    (model) => {
      const send = model.onInput;
      model.onInput = (endpoint, bytes) => {
        if (endpoint === 0x82) bytes[6]! ^= 0x40;
        send(endpoint, bytes);
      };
    },
    (model) => {
      const answer = model.controlIn.bind(model);
      model.controlIn = (setup, lengthBytes) => {
        const bytes = answer(setup, lengthBytes);
        if (setup.value === 0x34) bytes![2]! ^= 1;
        return bytes;
      };
    },
    (model) => {
      const send = model.onInput;
      model.onInput = (endpoint, bytes) => send(endpoint, endpoint === 0x82 ? bytes.subarray(0, 5_000) : bytes);
    },
    (model) => {
      const send = model.onInput;
      model.onInput = (endpoint, bytes) => send(endpoint, endpoint === 0x82 ? bytes.subarray(0, 0) : bytes);
    },
  ];
  for (const spoil of meddle) {
    const { clock, model, open, bus, path } = benchOf();
    const scanner = await clock.run(open());
    spoil(model);
    model.finger(true);
    const seen: string[] = [];
    const capture = async (): Promise<void> => {
      for await (const { type } of scanner.capture({ signal: never })) seen.push(type);
    };
    await assert.rejects(clock.run(capture()), (error) => {
      assert.ok(error instanceof Fault);
      assert.match(error.code, /^device\.(protocol|timeout)$/);
      return true;
    });
    assert.ok(!seen.includes('image'));
    assert.equal(bus.portOf(path)?.waiting, 0);
    assert.equal(clock.pending, 0);
  }
});

test('signals without end, known or not, close the scanner', async () => {
  for (const packet of [Uint8Array.of(1, 1), Uint8Array.of(0x7f, 0x3c), new Uint8Array(0), new Uint8Array(64)]) {
    const { clock, model, open } = benchOf();
    const scanner = await clock.run(open());
    for (let burst = 0; burst < 100; burst++)
      clock.after(burst, () => {
        for (let n = 0; n < 20; n++) model.onInput(0x81, packet);
      });
    assert.equal((await clock.run(scanner.lost)).code, 'device.protocol');
    await assert.rejects(clock.run(collect(scanner.capture({ signal: never }))), withCode('device.protocol'));
  }
});

test('an image left over from an earlier finger is never taken for this one', async () => {
  const { clock, model, open } = benchOf();
  const scanner = await clock.run(open());
  const send = model.onInput;
  const said: [number, Uint8Array][] = [];
  model.onInput = (endpoint, bytes) => {
    if (endpoint === 0x82) said.push([endpoint, bytes.slice()]);
    send(endpoint, bytes);
  };
  model.finger(true);
  await clock.run(collect(scanner.capture({ signal: never })));
  for (const [endpoint, bytes] of said) send(endpoint, bytes);
  model.finger(false);
  clock.after(2_000, () => model.finger(true));
  await clock.run(collect(scanner.capture({ signal: never })));
  assert.deepEqual([scanner.counters.leftOver, scanner.counters.images], [1, 2]);
});

test('a scanner that falls asleep while it waits for a finger is woken up', async () => {
  const { clock, model, open } = benchOf();
  const scanner = await clock.run(open());
  clock.after(3_000, () => model.reset());
  clock.after(8_000, () => model.finger(true));
  const events = await clock.run(collect(scanner.capture({ signal: never })));
  assert.equal(events.at(-1)?.type, 'image');
});

test('a capture may be cancelled at any moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(600), async (delayMs) => {
      const { clock, bus, path, model, open } = benchOf();
      const scanner = await clock.run(open());
      const cancel = new AbortController();
      clock.after(200, () => model.finger(true));
      clock.after(delayMs, () => cancel.abort());
      await clock.run(collect(scanner.capture({ signal: cancel.signal }))).catch((error: unknown) => {
        assert.ok(withCode('capture.cancelled')(error));
      });
      assert.equal(model.mode, 0x70);
      assert.equal(getEventListeners(cancel.signal, 'abort').length, 0);
      assert.equal(bus.portOf(path)?.waiting, 1);
    }),
    { numRuns: 40 },
  );
});

const rates: Record<string, FaultRates> = {
  drop: { drop: 0.03 },
  duplicate: { duplicate: 0.2 },
  corrupt: { corrupt: 0.05 },
  split: { split: 0.05 },
  late: { late: 0.1 },
  stall: { stall: 0.02 },
  unplug: { unplug: 0.01 },
  everything: { drop: 0.01, duplicate: 0.05, corrupt: 0.02, split: 0.02, late: 0.02, stall: 0.005, unplug: 0.002 },
};

for (const [name, faults] of Object.entries(rates)) {
  test(`under ${name} a U.are.U image is whole or the fault is typed, in time`, async () => {
    const image: GreyImage = onGlass(ridges(1));
    let whole = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const { clock, bus, path, model, open } = benchOf();
      bus.faults = { rates: faults, random: seededRandom(seed) };
      const capture = async (): Promise<ScanEvent[]> => {
        const scanner = await open();
        clock.after(300, () => model.finger(true));
        const signal = new AbortController();
        clock.after(90_000, () => signal.abort());
        return collect(scanner.capture({ signal: signal.signal }));
      };
      try {
        const last = (await clock.run(capture(), 120_000)).at(-1);
        assert.ok(last?.type === 'image');
        // The image has no check sum: a flipped bit of the cable would show, and no more than that.
        const wrong = last.image.pixels.filter((grey, at) => grey !== image.pixels[at]).length;
        assert.ok(wrong <= (faults.corrupt ? 4 : 0), `${wrong} wrong pixels`);
        whole++;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        assert.match(error.code, /^(device\.(protocol|timeout|absent|broken)|capture\.cancelled)$/);
        if (error.code !== 'capture.cancelled') assert.equal(bus.portOf(path)?.waiting ?? 0, 0);
      }
    }
    assert.ok(whole > 0, `${whole} of 25 images came through`);
  });
}

test('whatever bytes the device gives, the driver ends in an image or a typed fault', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(fc.uint8Array({ maxLength: 80 })),
      fc.infiniteStream(fc.nat(9)),
      async (bytes, dice) => {
        const { clock, model, open } = benchOf();
        const [answer, send] = [model.controlIn.bind(model), model.onInput];
        const lies = (): boolean => dice.next().value === 0;
        model.controlIn = (setup, lengthBytes) => (lies() ? bytes.next().value : answer(setup, lengthBytes));
        const capture = async (): Promise<void> => {
          const scanner = await open();
          const say = model.onInput;
          model.onInput = (endpoint, sent) => say(endpoint, lies() ? bytes.next().value! : sent);
          clock.after(100, () => model.finger(true));
          const cancel = new AbortController();
          clock.after(60_000, () => cancel.abort());
          await collect(scanner.capture({ signal: cancel.signal }));
        };
        await clock
          .run(capture())
          .catch((error: unknown) => assert.ok(error instanceof Fault && error.code !== 'internal'));
        model.onInput = send;
      },
    ),
    { numRuns: 60 },
  );
});

const golden = {
  seed: 0x1234_5678,
  blocks: [
    [0x02, 1],
    [0x82, 1],
    [0x04, 143],
    [0x01, 145],
  ] as const,
};
/** The lower quarter grey, the rest white: what is sent of it is short enough to be read. */
export const goldenImage: GreyImage = {
  widthPx: 384,
  heightPx: 290,
  dpi: 512,
  pixels: new Uint8Array(384 * 290).fill(255).fill(0x9f, 217 * 384),
};
export const goldenModel = (clock: VirtualClock): UareuModel =>
  new UareuModel({
    clock,
    image: () => goldenImage,
    blocks: golden.blocks.map(([flags, lines]) => ({ flags, lines })),
  });
export const goldenSeed = (): number => golden.seed;

test('the U.are.U driver says and understands what docs/uareu.md shows', async () => {
  const clock = new VirtualClock();
  const port = new TranscriptUsbPort(readTranscript('uareu.md'));
  Object.assign(port.info, ids);
  const scan = async (): Promise<ScanEvent[]> => {
    const scanner = await UareuScanner.open(port, { clock, seed: goldenSeed });
    return collect(scanner.capture({ signal: never }));
  };
  const pixels = goldenImage.pixels.slice();
  // The last byte of each scrambled block is not known.
  for (const row of [1, 2]) pixels[384 * (290 - row)] = 255;
  const events = await clock.run(scan());
  assert.deepEqual(events[0], { type: 'finger', present: true });
  const last = events.at(-1);
  assert.ok(last?.type === 'image');
  assert.deepEqual(Buffer.from(last.image.pixels), Buffer.from(pixels));
  port.finish();
});

test('the U.are.U model says and understands what docs/uareu.md shows', async () => {
  const clock = new VirtualClock();
  const model = goldenModel(clock);
  const said: string[] = [];
  model.onInput = (endpoint, bytes) => said.push(`${endpointAddress(endpoint)} ${Buffer.from(bytes).toString('hex')}`);
  const steps = readTranscript('uareu.md');
  const setupOf = ({ address }: Step) => registerSetup(Number.parseInt(address.split(':')[2]!, 16));
  for (const step of steps) {
    const hex = Buffer.from(step.bytes).toString('hex');
    if (step.kind === 'out') assert.equal(model.controlOut(setupOf(step), step.bytes), true, step.line);
    else if (step.kind === 'in') {
      assert.equal(setupAddress(setupOf(step), 'in'), step.address);
      assert.equal(Buffer.from(model.controlIn(setupOf(step), step.bytes.length) ?? []).toString('hex'), hex);
    } else {
      if (said.length === 0) model.finger(true);
      if (said.length === 0) await clock.pass(200);
      assert.equal(said.shift(), `${step.address} ${hex}`);
    }
  }
  assert.equal(said.length, 0);
});
