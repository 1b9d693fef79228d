import * as z from 'zod';
import { call, tell } from './wire.ts';

/** A device by its role. Serial numbers are the device's own; nothing here tells of a traveller. */
export const DeviceView = z.strictObject({
  role: z.string().max(32),
  model: z.string().max(64),
  serial: z.string().max(64),
  firmware: z.string().max(32),
  state: z.enum(['ready', 'busy', 'absent', 'opening', 'fault']),
  /** A fault code, or empty. */
  fault: z.string().max(64),
  /** Where devices are there, but not the one that is configured: what it should be, and what there is. */
  mismatch: z.strictObject({ wanted: z.string().max(160), found: z.array(z.string().max(128)).max(16) }).optional(),
  counters: z.record(z.string().max(32), z.number()),
});
export type DeviceView = z.infer<typeof DeviceView>;

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
});
export type QueueView = z.infer<typeof QueueView>;

/** What a technician sees: devices, queue, versions. Zero traveller data (R31). */
export const Diagnostics = z.strictObject({
  devices: z.array(DeviceView),
  queue: QueueView,
  versions: z.record(z.string().max(32), z.string().max(128)),
  measures: z.record(z.string().max(32), z.strictObject({ count: z.int(), p50Ms: z.number(), p95Ms: z.number() })),
});
export type Diagnostics = z.infer<typeof Diagnostics>;

/** What a technician may ask of the kiosk, and is told. */
export const technician = {
  diagnostics: tell(Diagnostics),
  selfTest: call(
    z.strictObject({ role: z.string().max(32) }),
    z.strictObject({ passed: z.boolean(), detail: z.string().max(200) }),
  ),
};
