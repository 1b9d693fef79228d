import * as z from 'zod';

const id = z.int().min(0).max(0xffff);
/** Bits per second where none are given. USB devices do not care. */
export const usualBaud = 115_200;

/** What names a USB device of any kind: all that is given must fit. */
const usb = { vendorId: id.optional(), productId: id.optional(), serial: z.string().min(1).max(64).optional() };

/** Which HID device fills a role: all that is given must fit. Without anything, whatever declares the right usage. */
export const HidMatch = z.strictObject({
  usagePage: id.optional(),
  usage: id.optional(),
  ...usb,
  /** Whether the device may be a keyboard or a mouse besides; one that is, without this, is not opened. */
  alsoTypes: z.boolean().optional(),
});
export type HidMatch = z.infer<typeof HidMatch>;

/** Which USB device of the vendor's own class fills a role: all that is given must fit. Without anything, whatever has the right interface. */
export const UsbMatch = z.strictObject(usb);
export type UsbMatch = z.infer<typeof UsbMatch>;

/** Which serial device fills a role: by a path alone, which need not be listed, or by what USB tells. */
export const ByteMatch = z.strictObject({
  path: z.string().min(1).max(256).optional(),
  ...usb,
  /** Bits per second; `usualBaud` when not given. */
  baud: z.int().min(300).max(4_000_000).optional(),
});
export type ByteMatch = z.infer<typeof ByteMatch>;

/** A rule between settings: where it is broken, which setting is wrong, and a line that says why and what would be right. */
export type Rule<T> = readonly [broken: (role: T) => boolean, setting: readonly string[], line: string];

/** Checks rules between settings; each that is broken gives a line of its own. */
export function keeping<T>(rules: readonly Rule<T>[]): (role: T, context: z.RefinementCtx) => void {
  return (role, context) => {
    for (const [broken, path, message] of rules) {
      if (broken(role)) context.addIssue({ code: 'custom', path: [...path], message });
    }
  };
}

/** Whether anything names the device. */
export const named = ({ path, vendorId, productId, serial }: ByteMatch): boolean =>
  (path ?? vendorId ?? productId ?? serial) !== undefined;

/** A path names one place, ids name a device wherever it is: both together would be neither. */
export const pathStandsAlone: Rule<ByteMatch> = [
  ({ path, ...ids }) => path !== undefined && named(ids),
  ['path'],
  'stands beside vendorId, productId or serial: give either the path or what names the device wherever it is plugged in',
];
