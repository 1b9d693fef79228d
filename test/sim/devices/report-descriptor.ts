/** How every report descriptor of a modelled device begins (HID 1.11, 6.2.2): its application collection, of bytes of 0 to 255. */
export function collectionOfBytes({
  usagePage,
  usage,
}: {
  readonly usagePage: number;
  readonly usage: number;
}): number[] {
  const page = [0x06, usagePage & 0xff, usagePage >> 8];
  return [...page, 0x09, usage, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08];
}
