import { Fault } from '../../main/contract/fault.ts';
import type { BytePort } from '../../main/devices/byte-port.ts';
import type { HidPort } from '../../main/devices/hid-port.ts';
import type { UsbPort } from '../../main/devices/usb-port.ts';
import { endpointAddress, setupAddress } from './transcript-replay.ts';
import { lineOf } from './transcript.ts';

/** Takes each line of a transcript as it is said. */
export type Note = (line: string) => void;

/** A HID port whose every report is noted on the way. */
export function recordHid(port: HidPort, note: Note): HidPort {
  port.onReport((report) => note(lineOf('<=', report)));
  return {
    ...ends(port),
    info: port.info,
    onReport: (hear) => port.onReport(hear),
    write(report) {
      note(lineOf('=>', report));
      return port.write(report);
    },
    async getFeature(id, lengthBytes) {
      const report = await port.getFeature(id, lengthBytes);
      note(lineOf('get', report));
      return report;
    },
    async setFeature(report) {
      await port.setFeature(report);
      note(lineOf('set', report));
    },
  };
}

/** A serial port whose every byte is noted on the way. */
export function recordBytes(port: BytePort, note: Note): BytePort {
  port.onBytes((chunk) => note(lineOf('<=', chunk)));
  return {
    ...ends(port),
    info: port.info,
    onBytes: (hear) => port.onBytes(hear),
    write(bytes) {
      note(lineOf('=>', bytes));
      return port.write(bytes);
    },
  };
}

/** A USB port whose every transfer is noted when it has ended. */
export function recordUsb(port: UsbPort, note: Note): UsbPort {
  const refusal = (line: (bytes: 'stall') => string) => (error: unknown) => {
    if (Fault.from(error).code === 'device.protocol') note(line('stall'));
    throw error;
  };
  return {
    ...ends(port),
    info: port.info,
    async controlIn(setup, lengthBytes, signal) {
      const line = (bytes: Uint8Array | 'stall') => lineOf('in', bytes, setupAddress(setup, 'in'));
      const bytes = await port.controlIn(setup, lengthBytes, signal).catch(refusal(line));
      note(line(bytes));
      return bytes;
    },
    async controlOut(setup, bytes, signal) {
      const line = (bytes: Uint8Array | 'stall') => lineOf('out', bytes, setupAddress(setup, 'out'));
      await port.controlOut(setup, bytes, signal).catch(refusal(line));
      note(line(bytes));
    },
    async read(endpoint, lengthBytes, signal) {
      const bytes = await port.read(endpoint, lengthBytes, signal);
      note(lineOf('<=', bytes, endpointAddress(endpoint)));
      return bytes;
    },
    async write(endpoint, bytes, signal) {
      await port.write(endpoint, bytes, signal);
      note(lineOf('=>', bytes, endpointAddress(endpoint)));
    },
  };
}

const ends = (port: Pick<HidPort, 'onClosed' | 'close'>): Pick<HidPort, 'onClosed' | 'close'> => ({
  onClosed: (hear) => port.onClosed(hear),
  close: () => port.close(),
});
