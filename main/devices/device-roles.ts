import * as z from 'zod';
import { HidMatch, UsbMatch } from './device-match.ts';
import { DocumentReaderRole } from './document-reader-role.ts';
import { GateRole } from './gate-role.ts';

/** What both kinds of finger imager are told when they are opened. */
const imager = {
  /** Days from one calibration to the next; an older one is warned of. Without it none is. */
  calibrationDays: z.int().min(1).max(3650).optional(),
  settings: z
    .strictObject({
      /** 1 to 100; 0 lets the device choose. */
      gainPercent: z.int().min(0).max(100).default(0),
      /** Seconds without a command until its light goes out; 0 = never. */
      sleepAfterSeconds: z.int().min(0).max(65_535).default(0),
      /** Own quality, 1 to 100, from which the device captures by itself; 0 lets it choose. */
      captureQualityPercent: z.int().min(0).max(100).default(0),
      /** Whether the device tells of fingers outside of captures. */
      watchFinger: z.boolean().default(false),
    })
    .optional(),
};

/** Which role is filled by what; a role that is not named is never filled and not shown. */
export const DeviceRoles = z.strictObject({
  fingerScanner: HidMatch.extend(imager).optional(),
  slapScanner: UsbMatch.extend(imager).optional(),
  documentReader: DocumentReaderRole.optional(),
  gate: GateRole.optional(),
});
/** As written in a configuration: what has a default may be left out. */
export type DeviceRoles = z.input<typeof DeviceRoles>;
