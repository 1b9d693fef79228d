import assert from 'node:assert/strict';
import { Fault } from '../../../main/contract/fault.ts';
import { FingerImager } from '../../../main/devices/finger-imager.ts';
import { seal } from '../../../main/devices/finger-imager-protocol.ts';
import { FramedDocumentReader } from '../../../main/devices/framed-document-reader.ts';
import { SlapImager } from '../../../main/devices/slap-imager.ts';
import { UareuScanner } from '../../../main/devices/uareu.ts';
import { reportEndpoints, reportInterface } from '../../../main/devices/usb-report-port.ts';
import { GateBoard } from '../../../main/devices/gate-board.ts';
import { DocumentReaderModel } from '../../sim/devices/document-reader-model.ts';
import { FingerImagerModel } from '../../sim/devices/finger-imager-model.ts';
import { GateModel } from '../../sim/devices/gate-model.ts';
import { SimByteBus } from '../../sim/devices/sim-byte-bus.ts';
import { SimUsbBus } from '../../sim/devices/sim-usb-bus.ts';
import { SlapImagerModel } from '../../sim/devices/slap-imager-model.ts';
import { SimHidBus } from '../../sim/devices/sim-hid-bus.ts';
import { UareuModel } from '../../sim/devices/uareu-model.ts';
import { VirtualClock } from '../../sim/devices/virtual-clock.ts';
import { below, mutated, type Random } from './mutate.ts';

interface Talking {
  onInput: (bytes: Uint8Array) => void;
}

const image = { widthPx: 40, heightPx: 30, dpi: 500, pixels: new Uint8Array(1200).fill(9) };
const portrait = Uint8Array.from({ length: 900 }, (_, at) => at & 0xff);

/** From now on some of what the model says is changed, left out, said twice or said again later. */
function spoil(model: Talking, random: Random, mend: (bytes: Uint8Array) => Uint8Array): void {
  const send = model.onInput;
  const before: Uint8Array[] = [];
  model.onInput = (bytes) => {
    if (before.length < 32) before.push(bytes.slice());
    if (random() > 0.1) return send(bytes);
    const changed = mutated(before, random);
    for (let times = below(random, 3); times > 0; times--) send(random() < 0.5 ? mend(changed) : changed);
  };
}

/** Works with a device that lies now and then; it must end in time, in an outcome or a Fault, with nothing left behind. */
async function survive(
  clock: VirtualClock,
  work: (signal: AbortSignal) => Promise<() => Promise<void>>,
): Promise<void> {
  const cancel = new AbortController();
  clock.after(60_000, () => cancel.abort());
  const close = await clock.run(work(cancel.signal)).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.code === 'internal') throw error;
    return async () => {};
  });
  await clock.run(close());
  await clock.pass(120_000);
  assert.equal(clock.pending, 0, 'a timer outlived its device');
}

/** Whole conversations of each driver with its model, in virtual time. */
export const conversations: Readonly<Record<string, (random: Random) => Promise<void>>> = {
  async imager(random) {
    const clock = new VirtualClock();
    const bus = new SimHidBus(clock);
    const model = new FingerImagerModel({ clock, image: () => image, exposureMs: 300 });
    const port = await bus.open(bus.plug(model));
    spoil(model, random, (bytes) => (bytes.length < 2 ? bytes : seal(bytes)));
    await survive(clock, async (signal) => {
      const scanner = await FingerImager.open(port, { clock, random });
      clock.after(100, () => model.finger(true));
      for await (const event of scanner.capture({ signal, previews: true })) {
        // The CRC-32 covers an image's shape and bytes: what comes out is what was taken, or nothing does.
        if (event.type === 'image') assert.deepEqual(event.image, image);
      }
      await scanner.check();
      return () => scanner.close();
    }).finally(() => void port.close());
  },
  async slaps(random) {
    const clock = new VirtualClock();
    const bus = new SimUsbBus(clock);
    const model = new SlapImagerModel({ clock, image: () => image, exposureMs: 300, fragmentReportBytes: 610 });
    const port = await bus.open(bus.plug(model, { interfaces: [{ number: 0, ...reportInterface }] }));
    // Each endpoint lies by itself, and now and then speaks for the other.
    const send = model.onInput;
    const endpoints = Object.values(reportEndpoints).map((endpoint) => {
      const talking: Talking = { onInput: (bytes) => send(random() < 0.02 ? endpoint ^ 3 : endpoint, bytes) };
      spoil(talking, random, (bytes) => (bytes.length < 2 ? bytes : seal(bytes)));
      return [endpoint, talking] as const;
    });
    model.onInput = (endpoint, bytes) => endpoints.find(([number]) => number === endpoint)?.[1].onInput(bytes);
    await survive(clock, async (signal) => {
      const scanner = await SlapImager.open(port, { clock, random });
      clock.after(100, () => model.imager.finger(true));
      for await (const event of scanner.captureSlap({ signal, kind: 'right-four', previews: true })) {
        if (event.type === 'image') assert.deepEqual(event.image, image);
      }
      await scanner.check();
      return () => scanner.close();
    }).finally(() => void port.close());
  },
  async uareu(random) {
    const clock = new VirtualClock();
    const bus = new SimUsbBus(clock);
    const glass = { ...image, pixels: Uint8Array.from({ length: 1200 }, (_, at) => at & 127) };
    const model = new UareuModel({ clock, image: () => glass, seed: below(random, 1_000) });
    const port = await bus.open(bus.plug(model, { vendorId: 0x05ba, productId: 0x000a }));
    const endpoints = [0x81, 0x82].map((endpoint) => {
      const send = model.onInput;
      const talking: Talking = { onInput: (bytes) => send(random() < 0.02 ? endpoint ^ 3 : endpoint, bytes) };
      spoil(talking, random, (bytes) => bytes);
      return [endpoint, talking] as const;
    });
    model.onInput = (endpoint, bytes) => endpoints.find(([number]) => number === endpoint)?.[1].onInput(bytes);
    const answer = model.controlIn.bind(model);
    model.controlIn = (setup, lengthBytes) => {
      const bytes = answer(setup, lengthBytes);
      return bytes && random() < 0.03 ? mutated([bytes], random) : bytes;
    };
    await survive(clock, async (signal) => {
      const scanner = await UareuScanner.open(port, { clock, seed: () => below(random, 2 ** 32) });
      clock.after(100, () => model.finger(true));
      for await (const event of scanner.capture({ signal })) {
        if (event.type === 'image') assert.equal(event.image.pixels.length, 384 * 290);
      }
      await scanner.check();
      return () => scanner.close();
    }).finally(() => void port.close());
  },
  async reader(random) {
    const clock = new VirtualClock();
    const bus = new SimByteBus(clock);
    const model = new DocumentReaderModel({ clock });
    const port = await bus.open(bus.plug(model));
    spoil(model, random, (bytes) => bytes);
    await survive(clock, async (signal) => {
      const reader = await FramedDocumentReader.open(port, { clock });
      clock.after(100, () => model.place({ lines: ['A'.repeat(44), 'B'.repeat(44)], portrait }));
      clock.after(5_000, () => model.remove());
      for await (const event of reader.read({ signal })) if (event.type === 'removed') break;
      return () => reader.closePort();
    }).finally(() => void port.close());
  },
  async gate(random) {
    const clock = new VirtualClock();
    const bus = new SimByteBus(clock);
    const model = new GateModel({ clock });
    const port = await bus.open(bus.plug(model));
    spoil(model, random, (bytes) => bytes);
    await survive(clock, async (signal) => {
      const gate = await GateBoard.open(port, { clock, random });
      await gate.open({ signal }).catch((error: unknown) => Fault.from(error));
      model.passage();
      return () => gate.closePort();
    }).finally(() => void port.close());
  },
};
