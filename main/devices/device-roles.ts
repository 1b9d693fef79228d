import * as z from 'zod';
import { type ByteMatch, HidMatch, UsbMatch } from './device-match.ts';
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

const Roles = z.strictObject({
  fingerScanner: HidMatch.extend({
    ...imager,
    /** `hfip`: docs/hid-finger-imager.md; `uareu`: docs/uareu.md. Without it either kind fills the role. */
    driver: z.enum(['hfip', 'uareu']).optional(),
    uareu: z
      .strictObject({
        /** 16 bytes in hexadecimal digits, for scanners that ask their host for one. */
        authenticationKey: z
          .string()
          .regex(/^[0-9a-fA-F]{32}$/, 'must be 32 hexadecimal digits')
          .optional(),
        /** Pixels per inch, where a scanner has been measured. */
        dpi: z.int().min(300).max(1_000).optional(),
      })
      .optional(),
  }).optional(),
  slapScanner: UsbMatch.extend(imager).optional(),
  documentReader: DocumentReaderRole.optional(),
  gate: GateRole.optional(),
});

/** What of a role says which device it is. */
interface Naming extends Pick<ByteMatch, 'path' | 'vendorId' | 'productId' | 'serial'> {
  readonly bus?: string | undefined;
}

/** By which setting two roles name the very same device; undefined when another may fit each. */
function sameBy(one: Naming, other: Naming): 'path' | 'serial' | undefined {
  const shared = (setting: 'path' | 'serial'): boolean => one[setting] !== undefined && one[setting] === other[setting];
  const apart = (setting: 'vendorId' | 'productId'): boolean =>
    one[setting] !== undefined && other[setting] !== undefined && one[setting] !== other[setting];
  if (one.bus !== other.bus) return undefined;
  if (shared('path')) return 'path';
  return shared('serial') && !apart('vendorId') && !apart('productId') ? 'serial' : undefined;
}

/** Which role is filled by what; a role that is not named is never filled and not shown. */
export const DeviceRoles = Roles.superRefine((roles, context) => {
  const given: [string, Naming][] = Object.entries(roles).flatMap(([role, naming]) =>
    naming ? [[role, { bus: role === 'slapScanner' ? 'usb' : 'hid', ...naming }]] : [],
  );
  for (const [at, [role, naming]] of given.entries()) {
    for (const [earlier, other] of given.slice(0, at)) {
      const setting = sameBy(naming, other);
      const message = `is that of ${earlier} already: each role is filled by a device of its own`;
      if (setting) context.addIssue({ code: 'custom', path: [role, setting], message });
    }
  }
});
/** As written in a configuration: what has a default may be left out. */
export type DeviceRoles = z.input<typeof DeviceRoles>;
