import assert from 'node:assert/strict';
import { Fault } from '../../main/contract/fault.ts';
import type { ByteInfo, BytePort } from '../../main/devices/byte-port.ts';
import { Closing } from '../../main/devices/closing.ts';
import type { HidInfo, HidPort } from '../../main/devices/hid-port.ts';
import { requestTypeByte, type UsbInfo, type UsbPort, type UsbSetup } from '../../main/devices/usb-port.ts';
import { cancellable } from '../../main/devices/wait.ts';
import { lineOf, type Step } from './transcript.ts';

/** What is left to be said. Whoever says anything else fails, and so does the end: a driver cannot hide it in a fault. */
class Script {
  readonly #steps: Step[];
  #last: Step | undefined;
  #failure: assert.AssertionError | undefined;

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
  }

  get head(): Step | undefined {
    return this.#steps[0];
  }

  /** The next step, which must be this; `bytes` is left out where the device gives them. */
  take(kind: Step['kind'], bytes?: Uint8Array, address = ''): Step {
    const step = this.head;
    const said = lineOf(kind, bytes ?? step?.bytes ?? 'none', address);
    if (!step) return this.#fail(`after the end, line ${this.#last?.number ?? 0}: ${said}`, '', said);
    const expected = lineOf(step.kind, step.bytes, step.address);
    if (said !== expected && !(step.stall && step.kind === kind && step.address === address)) {
      return this.#fail(`line ${step.number} is other: ${step.line}\nsaid: ${said}`, expected, said);
    }
    return this.next();
  }

  next(): Step {
    this.#last = this.#steps.shift();
    return this.#last!;
  }

  /** Fails for what went wrong on the way, or for the first step that was not played. */
  finish(): void {
    if (this.#failure) throw this.#failure;
    const { head } = this;
    if (head) this.#fail(`not played, from line ${head.number}: ${head.line}`, head.line, '');
  }

  #fail(message: string, expected: string, actual: string): never {
    this.#failure ??= new assert.AssertionError({ message, expected, actual, operator: 'transcript' });
    throw this.#failure;
  }
}

const nobody = { path: 'transcript', vendorId: 0, productId: 0, serial: '', product: '' };

/** Plays the device's part of a transcript, and fails on anything that the transcript does not have next. */
export class TranscriptPort implements HidPort, BytePort {
  readonly info: HidInfo & ByteInfo = { ...nobody, usagePage: 0, usage: 0 };
  readonly #script: Script;
  readonly #closing = new Closing();
  readonly #hearers = new Set<(bytes: Uint8Array) => void>();

  constructor(steps: readonly Step[]) {
    this.#script = new Script(steps);
  }

  /** Fails, naming the line, when something else was said than the transcript has, or something is left. */
  finish(): void {
    this.#script.finish();
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#script.take('=>', bytes);
    queueMicrotask(() => this.#speak());
  }

  async getFeature(id: number): Promise<Uint8Array> {
    const { head } = this.#script;
    return this.#script.take('get', head?.bytes[0] === id ? head.bytes : Uint8Array.of(id)).bytes;
  }

  async setFeature(report: Uint8Array): Promise<void> {
    this.#script.take('set', report);
  }

  onReport(hear: (report: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    return this.onReport(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.#closing.close(new Fault('device.absent', 'closed'));
  }

  #speak(): void {
    while (this.#script.head?.kind === '<=') {
      const { bytes } = this.#script.next();
      for (const hear of this.#hearers) hear(bytes);
    }
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** How a transcript names an endpoint. */
export const endpointAddress = (endpoint: number): string => hex(endpoint, 2);
/** How a transcript names a control request. */
export const setupAddress = (setup: UsbSetup, direction: 'in' | 'out'): string =>
  [hex(requestTypeByte(setup, direction), 2), hex(setup.request, 2), hex(setup.value, 4), hex(setup.index, 4)].join(
    ':',
  );

/** The same for a USB device: a read waits until it is its endpoint's turn to speak. */
export class TranscriptUsbPort implements UsbPort {
  readonly info: UsbInfo = { ...nobody, deviceClass: 0, interfaces: [] };
  readonly #script: Script;
  readonly #closing = new Closing();
  #moved = Promise.withResolvers<void>();

  constructor(steps: readonly Step[]) {
    this.#script = new Script(steps);
  }

  /** Fails, naming the line, when something else was said than the transcript has, or something is left. */
  finish(): void {
    this.#script.finish();
  }

  async controlIn(setup: UsbSetup, lengthBytes: number): Promise<Uint8Array> {
    const step = this.#done(this.#script.take('in', undefined, setupAddress(setup, 'in')));
    if (step.stall) throw new Fault('device.protocol', 'refused by the device');
    return step.bytes.slice(0, lengthBytes);
  }

  async controlOut(setup: UsbSetup, bytes: Uint8Array): Promise<void> {
    const step = this.#done(this.#script.take('out', bytes, setupAddress(setup, 'out')));
    if (step.stall) throw new Fault('device.protocol', 'refused by the device');
  }

  async read(endpoint: number, lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const address = endpointAddress(endpoint);
    for (;;) {
      if (this.#closing.why) throw this.#closing.why;
      const { head } = this.#script;
      if (head?.kind === '<=' && head.address === address) {
        return this.#done(this.#script.next()).bytes.slice(0, lengthBytes);
      }
      await cancellable(this.#moved.promise, signal);
    }
  }

  async write(endpoint: number, bytes: Uint8Array): Promise<void> {
    this.#done(this.#script.take('=>', bytes, endpointAddress(endpoint)));
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    if (this.#closing.close(new Fault('device.absent', 'closed'))) this.#wake();
  }

  #done(step: Step): Step {
    this.#wake();
    return step;
  }

  #wake(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}
