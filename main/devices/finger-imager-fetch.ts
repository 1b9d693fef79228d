import { crc32 } from 'node:zlib';
import { Fault } from '../contract/fault.ts';
import type { GreyImage } from '../contract/image.ts';
import type { Clock } from './clock.ts';
import type { ImagerLink } from './finger-imager-link.ts';
import type { ImagerCapabilities } from './finger-imager-features.ts';
import { command, type Fragment, fragmentOverheadBytes, type ImageHeader } from './finger-imager-protocol.ts';
import { throwIfCancelled } from './wait.ts';

const maxRanges = 14;
/**
 * Fragments asked for at once at most: Linux keeps 64 unread reports of a HID device and drops what comes then, so a burst
 * and the messages around it must fit. Also bounds how long a cancelled device keeps talking.
 */
const maxWindow = 56;
const fruitlessRounds = 5;

/** The pieces of one image: what has come, what is missing. */
class Assembly {
  readonly #header: ImageHeader;
  readonly #pieceBytes: number;
  readonly #have: Uint8Array;
  readonly pixels: Uint8Array;
  missing: number;

  constructor(header: ImageHeader, pieceBytes: number) {
    this.#header = header;
    this.#pieceBytes = pieceBytes;
    this.#have = new Uint8Array(header.fragments);
    this.pixels = new Uint8Array(header.widthPx * header.heightPx);
    this.missing = header.fragments;
  }

  /** True when the fragment was of use: of this image, in bounds, of the right length, and new. */
  take(fragment: Fragment): boolean {
    const { image, index, payload } = fragment;
    if (image !== this.#header.image || index >= this.#have.length || this.#have[index]) return false;
    const start = index * this.#pieceBytes;
    if (payload.length !== Math.min(this.#pieceBytes, this.pixels.length - start)) return false;
    this.pixels.set(payload, start);
    this.#have[index] = 1;
    this.missing--;
    return true;
  }

  /** The first missing pieces as runs of (first, count), `window` pieces at most. */
  wanted(window: number): [first: number, count: number][] {
    const ranges: [number, number][] = [];
    let left = window;
    for (let index = 0; index < this.#have.length && left > 0; index++) {
      if (this.#have[index]) continue;
      const last = ranges.at(-1);
      if (last && last[0] + last[1] === index) last[1]++;
      else if (ranges.length === maxRanges) break;
      else ranges.push([index, 1]);
      left--;
    }
    return ranges;
  }

  get sound(): boolean {
    return crc32(this.pixels, crc32(this.#header.bytes)) === this.#header.crc32;
  }
}

function fetchPayload(image: number, ranges: [number, number][]): Uint8Array {
  const payload = new Uint8Array(2 + ranges.length * 4);
  const fields = new DataView(payload.buffer);
  fields.setUint16(0, image, true);
  for (const [at, [first, count]] of ranges.entries()) {
    fields.setUint16(2 + at * 4, first, true);
    fields.setUint16(4 + at * 4, count, true);
  }
  return payload;
}

/** How long a fetch may take, in milliseconds, and what ends it. */
export interface FetchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Longest silence between two useful fragments. */
  readonly fragmentTimeoutMs: number;
  /** Longest time for the whole image. */
  readonly imageTimeoutMs: number;
  /** How often a whole image that does not fit its CRC-32 is fetched; twice when not given. */
  readonly readings?: number;
}

/**
 * Fetches an announced image window by window and asks again for what is missing only (docs/hid-finger-imager.md,
 * section 7). Fails with `device.timeout` when no more comes, `device.protocol` when the CRC-32 never fits.
 */
export async function fetchImage(
  link: ImagerLink,
  header: ImageHeader,
  can: ImagerCapabilities,
  options: FetchOptions,
): Promise<GreyImage> {
  const endMs = options.clock.nowMs() + options.imageTimeoutMs;
  const pieceBytes = can.fragmentReportBytes - fragmentOverheadBytes;
  const { readings = 2 } = options;
  for (let reading = 1; reading <= readings; reading++) {
    const assembly = new Assembly(header, pieceBytes);
    let fruitless = 0;
    try {
      while (assembly.missing > 0) {
        throwIfCancelled(options.signal);
        if (options.clock.nowMs() > endMs || fruitless === fruitlessRounds) {
          throw new Fault('device.timeout', `image stopped with ${assembly.missing} fragments missing`);
        }
        const before = assembly.missing;
        const ranges = assembly.wanted(Math.min(can.fetchWindow, maxWindow));
        const hearFragment = (fragment: Fragment): boolean => assembly.take(fragment);
        const { signal, fragmentTimeoutMs: timeoutMs } = options;
        await link
          .ask(command.fetch, fetchPayload(header.image, ranges), { timeoutMs, signal, hearFragment })
          .catch((error: unknown) => {
            const fault = Fault.from(error);
            if (fault.code !== 'device.timeout') throw fault;
          });
        if (assembly.missing > 0 && before < header.fragments) link.counters.refetches++;
        fruitless = assembly.missing < before ? 0 : fruitless + 1;
      }
      if (assembly.sound) {
        return { widthPx: header.widthPx, heightPx: header.heightPx, dpi: header.dpi, pixels: assembly.pixels };
      }
    } catch (error) {
      assembly.pixels.fill(0);
      throw error;
    }
    assembly.pixels.fill(0);
  }
  throw new Fault('device.protocol', 'image does not fit its CRC-32');
}
