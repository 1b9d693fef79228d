import { type FingerHint, fingerPositions } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import type { EventQueue } from './event-queue.ts';
import type { ImagerCapabilities } from './finger-imager-features.ts';
import { fetchImage } from './finger-imager-fetch.ts';
import type { ImagerLink, LinkEvent } from './finger-imager-link.ts';
import {
  command,
  decodeImageHeader,
  event,
  type ImageHeader,
  retryHints,
  scanFlag,
  scanPayload,
  slapScanPayload,
  state,
} from './finger-imager-protocol.ts';
import type { CaptureOptions, ScanEvent } from './finger-scanner.ts';
import { throwIfCancelled } from './wait.ts';

const scanStarts = 3;
/** So many previews in a row that do not come through, and no more are fetched in this scan. */
const previewFailures = 5;

/** What a scan works with: the conversation, what the device can do, and times in milliseconds. */
export interface ScanContext {
  readonly link: ImagerLink;
  readonly can: ImagerCapabilities;
  readonly clock: Clock;
  readonly times: { readonly silenceMs: number; readonly fragmentMs: number; readonly imageLeastMs: number };
}

interface Told {
  readonly present?: boolean;
  readonly retry?: FingerHint;
  readonly header?: ImageHeader;
  readonly preview?: { readonly header: ImageHeader; readonly qualityPercent: number; readonly fingers?: number };
  readonly stopped?: true;
}

/** One scan of docs/hid-finger-imager.md: what happens on the glass, up to the fetched image. */
export async function* scan(
  context: ScanContext,
  queue: EventQueue<LinkEvent>,
  options: CaptureOptions,
): AsyncGenerator<ScanEvent, void> {
  const { link, can, clock, times } = context;
  const { signal } = options;
  let running = await start(link, can, options);
  let starts = 1;
  let present = false;
  let previewsLeft = options.previews && can.preview ? previewFailures : 0;
  for (;;) {
    const heard = await queue.next(clock, times.silenceMs, signal);
    let told: Told;
    if (heard?.type === 'event') {
      const { message } = heard;
      told = message.transaction === running ? tellOf(message.kind, message.payload, can) : {};
    } else {
      told = tellOfStatus(await link.ask(command.status, undefined, { signal }), running, can);
    }
    if (told.stopped) {
      // The device forgot the scan, as after a brown-out: begin again, but not for ever.
      if (++starts > scanStarts) throw new Fault('device.protocol', 'the device will not keep scanning');
      running = await start(link, can, options);
    }
    if (told.present !== undefined && told.present !== present) {
      present = told.present;
      yield { type: 'finger', present };
    }
    if (told.retry !== undefined) yield { type: 'retry', reason: told.retry };
    // Of a picture that something newer waits behind nobody has any use.
    if (told.preview && previewsLeft > 0 && queue.empty) {
      const image = await fetchPreview(context, told.preview.header, signal);
      previewsLeft = image ? previewFailures : previewsLeft - 1;
      const { header: _, ...seen } = told.preview;
      if (image) yield { type: 'preview', image, ...seen };
    }
    if (told.header) {
      const { header } = told;
      const image = await link.latencies.time('image', () =>
        fetchImage(link, header, can, timesOf(context, header, signal)),
      );
      link.counters.images++;
      return yield { type: 'image', image };
    }
  }
}

/** Starts a scan and gives the transaction its events will carry. SCAN is not repeated blindly: RESYNC comes first. */
async function start(link: ImagerLink, can: ImagerCapabilities, options: CaptureOptions): Promise<number> {
  const { signal, slap, position = 'unknown' } = options;
  const flags =
    (options.onCommand && can.onCommand ? scanFlag.onCommand : 0) |
    (options.previews && can.preview ? scanFlag.previews : 0);
  const payload = slap
    ? slapScanPayload(slap.kind, flags, slap.missing)
    : scanPayload(fingerPositions.indexOf(position), flags);
  for (let attempt = 1; ; attempt++) {
    throwIfCancelled(signal);
    try {
      await link.ask(command.scan, payload, { signal });
      return link.lastTransaction;
    } catch (error) {
      const fault = Fault.from(error);
      if (fault.code !== 'device.timeout' || attempt === scanStarts) throw fault;
      await link.ask(command.resync, undefined, { signal });
    }
  }
}

function tellOf(kind: number, payload: DataView, can: ImagerCapabilities): Told {
  const code = payload.byteLength > 0 ? payload.getUint8(0) : 0;
  if (kind === event.finger) return { present: code !== 0 };
  if (kind === event.retry) return { retry: retryHints[code] ?? 'place' };
  if (kind === event.image) return { header: decodeImageHeader(payload, 0, can) };
  if (kind === event.error) throw new Fault('device.broken', `device error ${code}`);
  if (kind === event.preview && can.preview) {
    const header = decodeImageHeader(payload, 0, can.preview);
    const qualityPercent = payload.byteLength > 20 ? Math.min(100, payload.getUint8(20)) : 0;
    const fingers = can.slaps && payload.byteLength > 21 ? { fingers: payload.getUint8(21) & 0x0f } : {};
    return { preview: { header, qualityPercent, ...fingers } };
  }
  return {};
}

function tellOfStatus(payload: DataView, scan: number, can: ImagerCapabilities): Told {
  if (payload.byteLength < 3) throw new Fault('device.protocol', 'status cut short');
  const [now, present, of] = [payload.getUint8(0), payload.getUint8(1) !== 0, payload.getUint8(2)];
  if (now === state.broken) throw new Fault('device.broken', 'the device says it is broken');
  if (of !== scan || (now !== state.scanning && now !== state.holding)) return { stopped: true };
  return now === state.holding ? { present, header: decodeImageHeader(payload, 4, can) } : { present };
}

function timesOf({ clock, can, times }: ScanContext, header: ImageHeader, signal: AbortSignal) {
  const paceMs = (header.fragments * can.fragmentIntervalUs) / 1000;
  return {
    clock,
    signal,
    fragmentTimeoutMs: times.fragmentMs + (4 * can.fragmentIntervalUs) / 1000,
    imageTimeoutMs: Math.min(60_000, times.imageLeastMs + 4 * paceMs),
  };
}

/** The preview, or undefined when the device has a newer one by now or the picture does not fit its CRC-32. */
async function fetchPreview({ link, ...context }: ScanContext, header: ImageHeader, signal: AbortSignal) {
  const times = { ...timesOf({ link, ...context }, header, signal), readings: 1 };
  try {
    const image = await link.latencies.time('preview', () => fetchImage(link, header, context.can, times));
    link.counters.previews++;
    return image;
  } catch (error) {
    const fault = Fault.from(error);
    if (fault.code !== 'device.protocol' && fault.code !== 'device.timeout') throw fault;
    link.counters.previewsLost++;
    return undefined;
  }
}
