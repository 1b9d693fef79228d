import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import { Closing } from './closing.ts';
import { imagerUsage } from './finger-imager-protocol.ts';
import type { HidInfo, HidPort } from './hid-port.ts';
import { TurnQueue } from './turn-queue.ts';
import type { UsbInfo, UsbPort } from './usb-port.ts';

/* Reports over an interface of the vendor's own class: docs/usb-slap-imager.md, sections 2 and 3. */

/** What such an interface declares. */
export const reportInterface = { class: 0xff, subclass: 0x46, protocol: 0x01 } as const;
/** Where messages come in, and fragments with the answer that ends them. */
export const reportEndpoints = { message: 0x81, fragment: 0x82 } as const;
/** The longest fragment report: one transfer, which a short packet ends. */
export const mostBulkFragmentBytes = 16_383;

const messageBytes = 64;
/** A control request that takes longer is given up, so that the next is not held up behind it. */
const requestMs = 800;
/** A multiple of every packet size, so that no transfer can be longer than what it is read into. */
const transferBytes = 16_384;

/** The number of the interface that gives reports, where a device has one. */
export function reportInterfaceOf({ interfaces }: UsbInfo): number | undefined {
  return interfaces.find(
    (one) =>
      one.class === reportInterface.class &&
      one.subclass === reportInterface.subclass &&
      one.protocol === reportInterface.protocol,
  )?.number;
}

/**
 * A port of HID's kind over a USB interface that is none: feature and output reports are control requests whose number is the
 * report's id, input reports are transfers of an interrupt and a bulk endpoint. Whatever drives a HID port drives this one.
 */
export class UsbReportPort implements HidPort {
  readonly info: HidInfo;
  readonly #port: UsbPort;
  readonly #interface: number;
  readonly #clock: Clock;
  readonly #closing = new Closing();
  readonly #ending = new AbortController();
  readonly #hearers = new Set<(report: Uint8Array) => void>();
  readonly #turns = new TurnQueue();

  constructor(port: UsbPort, interfaceNumber: number, clock: Clock) {
    const { path, vendorId, productId, serial, product } = port.info;
    this.info = { path, vendorId, productId, serial, product, ...imagerUsage };
    this.#port = port;
    this.#interface = interfaceNumber;
    this.#clock = clock;
    port.onClosed((why) => void this.#end(why));
    void this.#listen(reportEndpoints.message, messageBytes);
    void this.#listen(reportEndpoints.fragment, transferBytes);
  }

  write(report: Uint8Array): Promise<void> {
    return this.#send(report);
  }

  setFeature(report: Uint8Array): Promise<void> {
    return this.#send(report);
  }

  getFeature(reportId: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#inTurn((signal) => this.#port.controlIn(this.#setup(reportId), lengthBytes, signal));
  }

  onReport(hear: (report: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  close(): Promise<void> {
    return this.#end(new Fault('device.absent', 'closed'));
  }

  #send(report: Uint8Array): Promise<void> {
    return this.#inTurn((signal) => this.#port.controlOut(this.#setup(report[0] ?? 0), report, signal));
  }

  #setup(request: number) {
    return { requestType: 'vendor', recipient: 'interface', request, value: 0, index: this.#interface } as const;
  }

  /** One request after the other; what a request fails with after the port has closed is why it closed. */
  #inTurn<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      if (this.#closing.why) throw this.#closing.why;
      const late = new AbortController();
      const cancel = this.#clock.after(requestMs, () => late.abort());
      try {
        return await work(AbortSignal.any([this.#ending.signal, late.signal]));
      } catch (error) {
        if (this.#closing.why) throw this.#closing.why;
        throw late.signal.aborted ? new Fault('device.timeout', 'control request') : Fault.from(error, 'device.absent');
      } finally {
        cancel();
      }
    });
  }

  /** Reads an endpoint for the life of the port, so that nothing sent is lost between two reads. */
  async #listen(endpoint: number, lengthBytes: number): Promise<void> {
    try {
      for (;;) {
        const report = await this.#port.read(endpoint, lengthBytes, this.#ending.signal);
        for (const hear of this.#hearers) hear(report);
      }
    } catch (error) {
      await this.#end(Fault.from(error, 'device.absent'));
    }
  }

  async #end(why: Fault): Promise<void> {
    if (!this.#closing.close(why)) return;
    this.#hearers.clear();
    this.#ending.abort();
    await this.#port.close();
  }
}
