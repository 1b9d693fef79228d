import * as z from 'zod';
import { Bytes } from './bytes.ts';
import { ListView } from './list-view.ts';
import { lanes } from './packet.ts';
import { call, tell } from './wire.ts';

/** How a device does, for whoever looks after it. */
export const DeviceHealth = z.strictObject({
  /** When it came to be in its state, in milliseconds since 1970. */
  sinceMs: z.int(),
  /** The last fault but for being unplugged: its code, or empty, and when, in milliseconds since 1970. */
  lastFault: z.string().max(64),
  lastFaultAtMs: z.int(),
  /** How long answers take, by kind of exchange. */
  latencies: z.record(z.string().max(32), z.strictObject({ count: z.int(), p50Ms: z.number(), p95Ms: z.number() })),
  /** Day of the last calibration, YYYY-MM-DD, or empty. */
  calibratedOn: z.string().max(10),
  warnings: z.array(z.enum(['calibration-overdue', 'calibration-unknown'])).max(4),
});
export type DeviceHealth = z.infer<typeof DeviceHealth>;

/** A device by its role. Serial numbers are the device's own; nothing here tells of a traveller. */
export const DeviceView = z.strictObject({
  role: z.string().max(32),
  model: z.string().max(64),
  serial: z.string().max(64),
  firmware: z.string().max(32),
  /** `out`: taken out for a while, because it misbehaved. */
  state: z.enum(['ready', 'busy', 'absent', 'opening', 'fault', 'out']),
  /** A fault code, or empty. */
  fault: z.string().max(64),
  /** Where devices are there, but not the one that is configured: what it should be, and what there is. */
  mismatch: z.strictObject({ wanted: z.string().max(160), found: z.array(z.string().max(128)).max(16) }).optional(),
  counters: z.record(z.string().max(32), z.number()),
  /** Left out for what the kiosk does not open itself. */
  health: DeviceHealth.optional(),
});
export type DeviceView = z.infer<typeof DeviceView>;

/** So many parked packets are shown at most. */
export const mostParkedShown = 20;

/** A packet that was set aside: which, why, how large and how old; nothing of what is in it, which the kiosk cannot read. */
export const ParkedPacket = z.strictObject({
  id: z.uuidv7(),
  lane: z.enum(lanes),
  /** A fault code. */
  fault: z.string().max(64),
  /** Central's own word, or empty. */
  refusal: z.string().max(64),
  bytes: z.int().nonnegative(),
  ageSeconds: z.int().nonnegative(),
});
export type ParkedPacket = z.infer<typeof ParkedPacket>;

/** How the outbox and the uplink do. */
export const QueueView = z.strictObject({
  ready: z.int().nonnegative(),
  parked: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Age of the oldest undelivered packet in seconds; 0 when there is none. */
  oldestSeconds: z.number().nonnegative(),
  delivered: z.int().nonnegative(),
  uplink: z.enum(['online', 'offline']),
  /** A fault code, or empty. */
  lastFault: z.string().max(64),
  /** Whether a crossing may start, or why not: too much is queued, something has waited too long, the disk has no room. */
  admission: z.enum(['open', 'full', 'old', 'disk']),
  /** The first of what is parked. */
  parkedPackets: z.array(ParkedPacket).max(mostParkedShown),
});
export type QueueView = z.infer<typeof QueueView>;

/** What the kiosk's secrets and those who vouch for it are worth. Times are in milliseconds since 1970. */
export const TrustView = z.strictObject({
  /** Where the key of the store is: sealed in the TPM, or in a file that whoever has the disk has too. */
  storeKey: z.enum(['tpm', 'file']),
  /** Whether an old copy of the store, put back, would be found out. */
  rollback: z.enum(['guarded', 'unguarded']),
  /** When the kiosk's certificate ends. */
  certificateUntilMs: z.int(),
  /** The list of central's keys: its number, when it was issued, when central last confirmed it (0: not yet). */
  keysNumber: z.int(),
  keysIssuedAtMs: z.int(),
  keysHeardAtMs: z.int(),
  /** When the key that is sealed to ends; 0 without one. */
  sealingUntilMs: z.int(),
  /** A fault code, or empty. */
  fault: z.string().max(64),
  warnings: z
    .array(
      z.enum([
        'store-key-in-file',
        'store-unguarded',
        'certificate-expiring',
        'certificate-expired',
        'certificate-early',
        'certificate-unusable',
      ]),
    )
    .max(6),
});
export type TrustView = z.infer<typeof TrustView>;

/** What a technician sees: devices, queue, copies of the watchlist, keys, versions. Zero traveller data (R31). */
export const Diagnostics = z.strictObject({
  devices: z.array(DeviceView),
  queue: QueueView,
  list: ListView,
  trust: TrustView,
  versions: z.record(z.string().max(32), z.string().max(128)),
  measures: z.record(z.string().max(32), z.strictObject({ count: z.int(), p50Ms: z.number(), p95Ms: z.number() })),
});
export type Diagnostics = z.infer<typeof Diagnostics>;

/** Longest side of a picture that a technician is shown. */
export const mostPicturePx = 256;

const sidePx = z.int().min(1).max(mostPicturePx);

/** A small grey picture, one byte a pixel, row by row. */
const Picture = z
  .strictObject({ widthPx: sidePx, heightPx: sidePx, pixels: Bytes })
  .refine((picture) => picture.pixels.length === picture.widthPx * picture.heightPx, 'pixels do not fit the size');
/** The finger that was tried, made small. */
export type TrialResult = z.infer<typeof Picture>;

/** A trial of the finger scanner with the technician's own finger. There is none while a traveller is there. */
export const Trial = z.strictObject({
  running: z.boolean(),
  finger: z.boolean(),
  /** The device's own quality, 0 to 100. */
  qualityPercent: z.int().min(0).max(100),
  picture: Picture.optional(),
});
export type Trial = z.infer<typeof Trial>;

/** What a technician may ask of the kiosk, and is told. */
export const technician = {
  diagnostics: tell(Diagnostics),
  selfTest: call(
    z.strictObject({ role: z.string().max(32) }),
    z.strictObject({ passed: z.boolean(), detail: z.string().max(200) }),
  ),
  /** Sends a parked packet once more; tells how many that were, 0 for one that is not parked. */
  unpark: call(z.strictObject({ id: z.uuidv7() }), z.strictObject({ packets: z.int().nonnegative() })),
  /** Writes the log of doings to a file on the kiosk; tells where, and the key that it is proven by. */
  exportLog: call(z.void(), z.strictObject({ file: z.string().max(4096), key: z.string().max(512) })),
  trial: tell(Trial),
  /** Tries the finger scanner; `device.busy` while a traveller is there. Ends by itself after half a minute. */
  tryFinger: call(z.void(), Picture),
  endTrial: call(z.void(), z.void()),
};
