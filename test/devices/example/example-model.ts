import { crc32 } from 'node:zlib';
import type { HidModel } from '../../sim/devices/sim-hid-bus.ts';
import { sidePx } from './example-scanner.ts';

/** The far side of the example scanner of docs/devices.md: reports in, reports out, and a hand that moves the finger. */
export class ExampleModel implements HidModel {
  onInput: (report: Uint8Array) => void = () => {};
  readonly #image: Uint8Array;
  scanning = false;

  constructor(image: Uint8Array) {
    this.#image = image;
  }

  output([id, scan]: Uint8Array): void {
    if (id === 0x01) this.scanning = scan === 1;
  }

  getFeature(): undefined {}

  setFeature(): void {}

  finger(present: boolean): void {
    if (!this.scanning) return;
    this.#say(present ? 1 : 2);
    if (!present) return;
    for (let row = 0; row < sidePx; row++) this.#say(3, row, this.#image.subarray(row * sidePx, (row + 1) * sidePx));
    const sum = new Uint8Array(4);
    new DataView(sum.buffer).setUint32(0, crc32(this.#image), true);
    this.#say(4, sum[0]! | (sum[1]! << 8), sum.subarray(2));
  }

  #say(kind: number, row = 0, payload: Uint8Array = new Uint8Array(0)): void {
    const report = new Uint8Array(4 + sidePx);
    report.set([0x02, kind, row & 0xff, row >> 8]);
    report.set(payload, 4);
    this.onInput(report);
  }
}
