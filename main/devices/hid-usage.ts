/** Items of a report descriptor (HID 1.11, 6.2.2.2), without the two bits of their size. */
const item = { collection: 0xa0, usagePage: 0x04, usage: 0x08, long: 0xfc } as const;

/**
 * What a HID device declares to be: page and usage of the first collection of its report descriptor (HID 1.11, 6.2.2).
 * Undefined where the bytes have none.
 */
export function firstUsage(descriptor: Uint8Array): { usagePage: number; usage: number } | undefined {
  let usagePage = 0;
  let usage = 0;
  for (let at = 0; at < descriptor.length;) {
    const head = descriptor[at]!;
    const size = [0, 1, 2, 4][head & 3]!;
    const kind = head & 0xfc;
    let value = 0;
    for (let byte = size; byte > 0; byte--) value = (value << 8) | (descriptor[at + byte] ?? 0);
    if (kind === item.usagePage) usagePage = value & 0xffff;
    // A usage of four bytes carries its page in the upper two.
    else if (kind === item.usage) [usagePage, usage] = [size === 4 ? value >>> 16 : usagePage, value & 0xffff];
    else if (kind === item.collection) return { usagePage, usage };
    at += 1 + (kind === item.long ? (descriptor[at + 1] ?? 0) + 2 : size);
  }
  return undefined;
}
