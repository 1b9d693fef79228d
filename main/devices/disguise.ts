import type { HidInfo } from './hid-port.ts';

/** HID usage page "generic desktop" and its usages that move or type (HID Usage Tables 1.5, section 4). */
const genericDesktop = 0x01;
const pointerMouseKeyboardKeypad: ReadonlySet<number> = new Set([0x01, 0x02, 0x06, 0x07]);
/** Usage page "keyboard" itself, which a collection may be declared under as well. */
const keyboardPage = 0x07;

/** Whether a collection moves a pointer or types. */
export const types = ({ usagePage, usage }: HidInfo): boolean =>
  usagePage === keyboardPage || (usagePage === genericDesktop && pointerMouseKeyboardKeypad.has(usage));

/**
 * Whether any part of the device also claims to be a keyboard or a mouse: another collection of it, or another interface
 * with the same ids and serial number. No scanner needs to type, and the kernel would hand what it types to the focused
 * window.
 */
export function isDisguised(device: HidInfo, all: readonly HidInfo[]): boolean {
  const { vendorId, productId, serial } = device;
  return all.some(
    (other) =>
      types(other) &&
      (other.path === device.path ||
        (other.vendorId === vendorId && other.productId === productId && other.serial === serial)),
  );
}
