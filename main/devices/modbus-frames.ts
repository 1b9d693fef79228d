import { Fault } from '../contract/fault.ts';

/* Modbus Application Protocol 1.1b3, and its frames on a serial line (Modbus over Serial Line 1.02) and on TCP. */

/** How requests and responses are framed: with a CRC on a serial line, behind an MBAP header on TCP. */
export type ModbusFraming = 'rtu' | 'tcp';

/** Function codes, sections 6.2 and 6.5. */
export const modbusFunction = { readInputs: 0x02, writeCoil: 0x05 } as const;
const exceptionFlag = 0x80;
/** Section 4.1: a protocol data unit is 253 bytes at most. */
const maxPduBytes = 253;
const headBytes = 7;

/** CRC-16/MODBUS: polynomial 0x8005 reflected, start 0xFFFF, low byte first; "123456789" gives 0x4B37. */
export function crc16Modbus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** One protocol data unit on its way. On a serial line there is no transaction, and 0 stands for it. */
export interface ModbusMessage {
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** A frame, ready to send. */
export function encodeModbus(framing: ModbusFraming, { transaction, unit, pdu }: ModbusMessage): Uint8Array {
  if (framing === 'rtu') {
    const frame = Uint8Array.of(unit, ...pdu, 0, 0);
    const crc = crc16Modbus(frame.subarray(0, -2));
    frame.set([crc & 0xff, crc >> 8], frame.length - 2);
    return frame;
  }
  const lengthBytes = pdu.length + 1;
  return Uint8Array.of(transaction >> 8, transaction & 0xff, 0, 0, lengthBytes >> 8, lengthBytes & 0xff, unit, ...pdu);
}

/** Section 6.2: a request for so many discrete inputs from an address on. */
export function readInputs(address: number, count: number): Uint8Array {
  return Uint8Array.of(modbusFunction.readInputs, address >> 8, address & 0xff, count >> 8, count & 0xff);
}

/** Section 6.5: a request to switch a coil. */
export function writeCoil(address: number, on: boolean): Uint8Array {
  return Uint8Array.of(modbusFunction.writeCoil, address >> 8, address & 0xff, on ? 0xff : 0, 0);
}

/** The inputs in the answer to `readInputs`, or undefined when it is of another length. */
export function inputsOf(pdu: Uint8Array, count: number): boolean[] | undefined {
  const lengthBytes = Math.ceil(count / 8);
  if (pdu[1] !== lengthBytes || pdu.length !== lengthBytes + 2) return undefined;
  return Array.from({ length: count }, (_, at) => ((pdu[2 + (at >> 3)]! >> (at & 7)) & 1) === 1);
}

/** Section 7: why a request was refused; undefined when it was not. */
export function exceptionOf(pdu: Uint8Array): number | undefined {
  return (pdu[0] ?? 0) & exceptionFlag ? (pdu[1] ?? 0) : undefined;
}

/**
 * Finds the responses to requests in a stream that may be cut anywhere and hold anything. Keeps one frame at most. A TCP
 * stream whose header is no Modbus is beyond repair: Fault `device.protocol`.
 */
export class ModbusResponseReader {
  readonly #framing: ModbusFraming;
  #bytes = new Uint8Array(0);
  #unit = -1;
  #code = -1;
  /** Bytes that belonged to no frame. */
  skippedBytes = 0;

  constructor(framing: ModbusFraming) {
    this.#framing = framing;
  }

  /** The response that is waited for: on a serial line nothing else is understood, and what came before is dropped. */
  expect(unit: number, code: number): void {
    [this.#unit, this.#code] = [unit, code];
    if (this.#framing === 'rtu') this.#bytes = new Uint8Array(0);
  }

  push(chunk: Uint8Array): ModbusMessage[] {
    const messages: ModbusMessage[] = [];
    // Piece by piece, so that no more than a frame is ever kept.
    for (let at = 0; at < chunk.length; at += maxPduBytes) {
      this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(at, at + maxPduBytes)]);
      for (;;) {
        const found = this.#framing === 'rtu' ? this.#takeSerial() : this.#takeTcp();
        if (!found) break;
        messages.push(found);
      }
    }
    return messages;
  }

  #takeTcp(): ModbusMessage | undefined {
    if (this.#bytes.length < headBytes) return undefined;
    const fields = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    const lengthBytes = fields.getUint16(4);
    if (fields.getUint16(2) !== 0 || lengthBytes < 3 || lengthBytes > maxPduBytes + 1)
      throw new Fault('device.protocol', 'not a Modbus header');
    const end = headBytes - 1 + lengthBytes;
    if (this.#bytes.length < end) return undefined;
    const pdu = this.#bytes.slice(headBytes, end);
    const message = { transaction: fields.getUint16(0), unit: this.#bytes[headBytes - 1]!, pdu };
    this.#bytes = this.#bytes.slice(end);
    return message;
  }

  #takeSerial(): ModbusMessage | undefined {
    for (; this.#bytes.length > 0; this.#bytes = this.#bytes.slice(1), this.skippedBytes++) {
      const end = this.#serialEnd();
      if (end === undefined) continue;
      if (this.#bytes.length < end) return undefined;
      const sound = crc16Modbus(this.#bytes.subarray(0, end)) === 0;
      if (!sound) continue;
      const message = { transaction: 0, unit: this.#unit, pdu: this.#bytes.slice(1, end - 2) };
      this.#bytes = this.#bytes.slice(end);
      return message;
    }
    return undefined;
  }

  /** Where the frame that begins here would end; undefined when none of those waited for begins here. */
  #serialEnd(): number | undefined {
    const [unit, code, count = 0] = this.#bytes;
    if (unit !== this.#unit) return undefined;
    if (code === undefined) return 5;
    if (code === (this.#code | exceptionFlag)) return 5;
    if (code !== this.#code) return undefined;
    return code === modbusFunction.readInputs ? 5 + count : 8;
  }
}
