import { Fault } from '../../main/contract/fault.ts';

/** A field of a protocol buffers message: its number, and a whole number or its bytes. */
export interface Field {
  readonly field: number;
  readonly value: bigint | Uint8Array;
  /** The field as it stands, its tag included. */
  readonly whole: Uint8Array;
}

/** The fields of a message in their order. Fault: `model.altered` for bytes that are none. */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Fault('model.altered', 'a number cut short');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new Fault('model.altered', 'a field cut short');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const start = at;
    const tag = Number(varint());
    const lengths: Record<number, () => number> = { 1: () => 8, 2: () => Number(varint()), 5: () => 4 };
    const length = lengths[tag & 7];
    if (!length && (tag & 7) !== 0) throw new Fault('model.altered', `a field of type ${tag & 7}`);
    const value = length ? take(length()) : varint();
    fields.push({ field: tag >>> 3, value, whole: bytes.subarray(start, at) });
  }
  return fields;
}
