import { createCipheriv } from 'node:crypto';
import type { GreyImage } from '../../../main/contract/image.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import type { UsbSetup } from '../../../main/devices/usb-port.ts';
import { seededRandom } from './fault-line.ts';
import type { UsbModel } from './sim-usb-bus.ts';
import { Scrambler } from './uareu-scrambler.ts';

/** Lines of one kind, with their flags as in docs/uareu.md, section 4. */
export interface ModelBlock {
  readonly flags: number;
  readonly lines: number;
}

/** What the modelled scanner is. */
export interface UareuModelOptions {
  readonly clock: Clock;
  /** What lies on the glass: dark ridges on white, upright; it is centred on white. */
  readonly image: () => GreyImage | Promise<GreyImage>;
  /** The family 045e:00ca: upright, and wakes up only for a host that answers its challenge. */
  readonly authenticates?: boolean;
  /** 32 hexadecimal digits. */
  readonly authenticationKey?: string;
  readonly blocks?: readonly ModelBlock[];
  readonly exposureMs?: number;
  /** By which the keys and challenges are made. */
  readonly seed?: number;
}

export const widthPx = 384;
export const heightPx = 290;
const usualBlocks = [
  { flags: 0x02, lines: 100 },
  { flags: 0x82, lines: 80 },
  { flags: 0x00, lines: 40 },
  { flags: 0x02, lines: 40 },
  { flags: 0x04, lines: 30 },
];

/** The device's side of docs/uareu.md: registers, an interrupt and a bulk endpoint, and a hand that moves the finger. */
export class UareuModel implements UsbModel {
  onInput: (endpoint: number, bytes: Uint8Array) => void = () => {};
  readonly counters = { images: 0, modes: 0, challenges: 0, keys: 0 };
  readonly #options: Required<UareuModelOptions>;
  readonly #random: () => number;
  readonly #keys = new Map<number, number>();
  #finger = false;
  #mode = 0x70;
  #power = 0x80;
  #authentic = false;
  #challenge = new Uint8Array(16);
  #mixedKey: number | undefined;
  #keyNumber = 0;
  #cutLines: number | undefined;
  #deafUntilMs = 0;
  #cancel: () => void = () => {};

  constructor(options: UareuModelOptions) {
    this.#options = {
      authenticates: false,
      authenticationKey: '00'.repeat(16),
      blocks: usualBlocks,
      exposureMs: 120,
      seed: 1,
      ...options,
    };
    this.#random = seededRandom(this.#options.seed);
  }

  /** What its mode register holds. */
  get mode(): number {
    return this.#mode;
  }

  finger(present: boolean): void {
    if (present === this.#finger) return;
    this.#finger = present;
    this.#feel();
  }

  /** The next image is cut short after so many lines. */
  retry(lines: number): void {
    this.#cutLines = lines;
  }

  /** The scanner says that it failed. */
  error(): void {
    this.#tell(0x0800);
  }

  /** Hears nothing and says nothing for a while. */
  sleep(delayMs: number): void {
    this.#deafUntilMs = this.#options.clock.nowMs() + delayMs;
  }

  /** As after a loss of power: asleep, with nothing known. */
  reset(): void {
    this.#cancel();
    this.#mode = 0x70;
    this.#power = 0x80;
    this.#authentic = false;
    this.#keys.clear();
  }

  controlIn({ request, value }: UsbSetup, lengthBytes: number): Uint8Array | undefined {
    if (request !== 4 || this.#deaf) return undefined;
    const answer = this.#registers(value);
    return answer && Uint8Array.from({ length: lengthBytes }, (_, at) => answer[at] ?? 0);
  }

  controlOut({ request, value }: UsbSetup, bytes: Uint8Array): boolean {
    const [first] = bytes;
    if (request !== 4 || first === undefined || this.#deaf) return false;
    if (value === 0x07) this.#setPower(first);
    else if (value === 0x4e) this.#setMode(first);
    else if (value === 0x33) return this.#mix(bytes);
    else if (value === 0x2000) this.#authentic = Buffer.from(bytes).equals(this.#response());
    else return false;
    return true;
  }

  write(): void {}

  get #deaf(): boolean {
    return this.#options.clock.nowMs() < this.#deafUntilMs;
  }

  #registers(first: number): number[] | Uint8Array | undefined {
    if (first === 0x07) return [this.#power];
    if (first === 0x4e) return [this.#mode];
    if (first === 0xf0) return [0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 5, 0];
    if (first === 0x2010) {
      this.counters.challenges++;
      this.#challenge = Uint8Array.from({ length: 16 }, () => this.#random() * 256);
      return this.#challenge;
    }
    if (first !== 0x34 || this.#mixedKey === undefined) return undefined;
    const key = new DataView(new ArrayBuffer(4));
    key.setUint32(0, this.#mixedKey, true);
    return new Uint8Array(key.buffer);
  }

  #response(): Buffer {
    const cipher = createCipheriv('aes-128-ecb', Buffer.from(this.#options.authenticationKey, 'hex'), null);
    return cipher.setAutoPadding(false).update(this.#challenge);
  }

  #setPower(wanted: number): void {
    const asleep = (this.#power & 0x80) !== 0;
    if ((wanted & 0x80) !== 0) {
      this.#cancel();
      this.#power = wanted;
      this.#authentic = false;
    } else if (asleep && (!this.#options.authenticates || this.#authentic)) {
      this.#power = wanted | 1;
      this.#tell(0x56aa);
    }
  }

  #setMode(mode: number): void {
    this.counters.modes++;
    this.#cancel();
    this.#mode = mode;
    this.#feel();
    if (mode !== 0x20) return;
    this.#cancel = this.#options.clock.after(this.#options.exposureMs, () => void this.#expose());
  }

  #feel(): void {
    if (this.#mode === 0x10 && this.#finger) this.#tell(0x0101);
    if (this.#mode === 0x12 && !this.#finger) this.#tell(0x0200);
  }

  #tell(code: number): void {
    const packet = new Uint8Array(64);
    packet.set([code >> 8, code & 0xff]);
    if (!this.#deaf) this.onInput(0x81, packet);
  }

  async #expose(): Promise<void> {
    const seen = this.#finger ? await this.#options.image() : undefined;
    if (this.#mode !== 0x20 || this.#deaf) return;
    this.counters.images++;
    const image = this.#sent(this.#sensed(seen));
    const lines = this.#cutLines;
    this.#cutLines = undefined;
    this.onInput(0x82, lines === undefined ? image : image.subarray(0, 64 + lines * widthPx));
  }

  /** As the sensor has it: light ridges on dark, and upside down but in the family that authenticates. */
  #sensed(image: GreyImage | undefined): Uint8Array {
    const rows = new Uint8Array(widthPx * heightPx);
    if (!image) return rows;
    const left = (widthPx - image.widthPx) >> 1;
    const top = (heightPx - image.heightPx) >> 1;
    const [fromY, toY] = [Math.max(0, -top), Math.min(image.heightPx, heightPx - top)];
    const [fromX, toX] = [Math.max(0, -left), Math.min(image.widthPx, widthPx - left)];
    for (let y = fromY; y < toY; y++)
      for (let x = fromX; x < toX; x++)
        rows[(top + y) * widthPx + left + x] = 255 - image.pixels[y * image.widthPx + x]!;
    return this.#options.authenticates ? rows : rows.toReversed();
  }

  #sent(rows: Uint8Array): Uint8Array {
    const { blocks } = this.#options;
    const header = new Uint8Array(64);
    const lines = blocks.reduce((sum, { flags, lines }) => sum + (flags & 1 ? 0 : lines), 0);
    this.#keyNumber = (this.#keyNumber + 1) & 0xff;
    header.set([lines & 0xff, lines >> 8, this.#keyNumber], 4);
    this.#keys.clear();
    let number = this.#keyNumber;
    let scrambler = this.#newKey(number);
    let at = 0;
    const parts = blocks.map(({ flags, lines }, block) => {
      header.set([flags, lines], 16 + 2 * block);
      if (flags & 0x80) scrambler = this.#newKey((number = (number + 1) & 0xff));
      const plain = rows.subarray(at, (at += lines * widthPx));
      if (flags & 0x02 && !(flags & 1)) return scrambler.scramble(plain, Math.floor(this.#random() * 256));
      if (!(flags & 0x04)) scrambler.step(plain.length);
      return flags & 1 ? new Uint8Array(0) : plain;
    });
    return new Uint8Array(Buffer.concat([header, ...parts]));
  }

  #newKey(number: number): Scrambler {
    const key = Math.floor(this.#random() * 2 ** 32);
    this.#keys.set(number, key);
    return new Scrambler(key);
  }

  #mix(bytes: Uint8Array): boolean {
    const key = this.#keys.get(bytes[0]!);
    if (bytes.length !== 5 || key === undefined) return false;
    this.counters.keys++;
    this.#mixedKey = (key ^ new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true)) >>> 0;
    return true;
  }
}
