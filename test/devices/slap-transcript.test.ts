import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import type { GreyImage } from '../../main/contract/image.ts';
import { Closing } from '../../main/devices/closing.ts';
import { reportId } from '../../main/devices/finger-imager-protocol.ts';
import { SlapImager } from '../../main/devices/slap-imager.ts';
import type { SlapEvent } from '../../main/devices/slap-scanner.ts';
import type { UsbInfo, UsbPort, UsbSetup } from '../../main/devices/usb-port.ts';
import { reportInterface } from '../../main/devices/usb-report-port.ts';
import { cancellable } from '../../main/devices/wait.ts';
import { endpointOf, SlapImagerModel } from '../sim/devices/slap-imager-model.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';
import { readTranscript, type Step } from './transcript.ts';

const never = new AbortController().signal;
const image: GreyImage = {
  widthPx: 16,
  heightPx: 16,
  dpi: 500,
  pixels: Uint8Array.from({ length: 256 }, (_, n) => (7 * n) & 255),
};
const settings = { gainPercent: 0, sleepAfterSeconds: 600, captureQualityPercent: 60, watchFinger: false };
const page = 'usb-slap-imager.md';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Plays the device's part of a transcript over USB: requests are named by the first byte, and so are endpoints. */
class TranscriptUsbPort implements UsbPort {
  readonly info: UsbInfo = {
    path: 'transcript',
    vendorId: 0,
    productId: 0,
    serial: '',
    product: '',
    deviceClass: 0,
    interfaces: [{ number: 2, ...reportInterface }],
  };
  readonly left: Step[];
  readonly #closing = new Closing();
  #spoken = Promise.withResolvers<void>();

  constructor(steps: readonly Step[]) {
    this.left = [...steps];
  }

  async controlIn(setup: UsbSetup, lengthBytes: number): Promise<Uint8Array> {
    const step = this.left.shift();
    assert.equal(step?.kind, 'get', step?.line);
    assert.deepEqual(setup, this.#setup(step.bytes));
    assert.equal(lengthBytes, step.bytes.length);
    return step.bytes;
  }

  async controlOut(setup: UsbSetup, bytes: Uint8Array): Promise<void> {
    const step = this.left.shift();
    assert.equal(`${setup.request === reportId.command ? '=>' : 'set'} ${hex(bytes)}`, step?.line);
    assert.deepEqual(setup, this.#setup(bytes));
    this.#spoken.resolve();
    this.#spoken = Promise.withResolvers();
  }

  async read(endpoint: number, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      const [step] = this.left;
      if (step?.kind === '<=' && endpointOf(step.bytes) === endpoint) {
        this.left.shift();
        assert.ok(step.bytes.length <= lengthBytes);
        this.#spoken.resolve();
        this.#spoken = Promise.withResolvers();
        return step.bytes;
      }
      await cancellable(this.#spoken.promise, signal);
    }
  }

  async write(): Promise<void> {
    assert.fail('there is no OUT endpoint');
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.#closing.close(new Fault('device.absent', 'closed'));
  }

  #setup(bytes: Uint8Array): UsbSetup {
    return { requestType: 'vendor', recipient: 'interface', request: bytes[0] ?? 0, value: 0, index: 2 };
  }
}

test('the driver of slap imagers says and understands what docs/usb-slap-imager.md shows', async () => {
  const clock = new VirtualClock();
  const port = new TranscriptUsbPort(readTranscript(page));
  const take = async (): Promise<SlapEvent[]> => {
    const scanner = await SlapImager.open(port, { clock, random: () => 0, settings });
    const events: SlapEvent[] = [];
    const options = { signal: never, kind: 'left-four', missing: ['left-little'], previews: true } as const;
    for await (const event of scanner.captureSlap(options)) events.push(event);
    return events;
  };
  assert.deepEqual(await clock.run(take()), [
    { type: 'hand', present: true },
    { type: 'preview', image, qualityPercent: 80, present: ['left-ring', 'left-middle', 'left-index'] },
    { type: 'image', image },
  ]);
  assert.deepEqual(port.left, []);
});

test('the model of slap imagers says and understands what docs/usb-slap-imager.md shows', async () => {
  const clock = new VirtualClock();
  const model = new SlapImagerModel({ clock, image: () => image, fragmentReportBytes: 266, exposureMs: 150 });
  model.imager.fingers = 0b1110;
  const said: [number, Uint8Array][] = [];
  model.onInput = (endpoint, bytes) => said.push([endpoint, bytes]);
  for (const { kind, bytes, line } of readTranscript(page)) {
    const request = bytes[0] ?? 0;
    const setup = { requestType: 'vendor', recipient: 'interface', request, value: 0, index: 0 } as const;
    if (kind === 'get') assert.equal(hex(model.controlIn(setup, 64) ?? Uint8Array.of()), hex(bytes), line);
    else if (kind !== '<=') assert.ok(model.controlOut(setup, bytes), line);
    else {
      if (said.length === 0) model.imager.finger(true);
      if (said.length === 0) await clock.pass(100);
      const [endpoint, spoken] = said.shift() ?? [0, Uint8Array.of()];
      assert.equal(hex(spoken), hex(bytes), line);
      assert.equal(endpoint, endpointOf(bytes));
    }
  }
  assert.deepEqual(said, []);
});
