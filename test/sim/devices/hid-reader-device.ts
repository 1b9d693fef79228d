import type { Clock } from '../../../main/devices/clock.ts';
import { readerReportBytes, readerReportId, readerUsage } from '../../../main/devices/hid-frames.ts';
import { Cable, cabledHid } from './cable.ts';
import { glassVerbs } from './document-reader-device.ts';
import { HidReaderModel, type HidReaderOptions } from './hid-reader-model.ts';
import { collectionOfBytes } from './report-descriptor.ts';
import type { SimDevice } from './sim-device.ts';

/** What of the model JSON can say. */
export type HidReaderDeviceOptions = Partial<Omit<HidReaderOptions, 'clock'>>;

/** The document reader on HID as a device to plug in, with the verbs of its glass. */
export function hidReaderDevice(clock: Clock, options: HidReaderDeviceOptions = {}): SimDevice {
  const model = new HidReaderModel({ clock, ...options });
  const cable = new Cable(clock);
  return {
    bus: 'hid',
    model: cabledHid(model, cable),
    cable,
    verbs: { ...cable.verbs, ...glassVerbs(model.reader) },
    identity: {
      vendorId: 0x1209,
      productId: 2,
      serial: options.serial ?? 'DR-0001',
      product: options.model ?? 'Reference reader',
    },
    reportDescriptor: readerReportDescriptor(options.reportBytes ?? readerReportBytes),
    powerOff: () => model.powerOff(),
  };
}

/** The report descriptor of docs/document-reader.md, section 9, for reports to the host of so many bytes. */
export function readerReportDescriptor(reportBytes: number): Uint8Array {
  const [toDevice, toHost] = [readerReportBytes - 1, reportBytes - 1];
  const output = [0x85, readerReportId.toDevice, 0x95, toDevice, 0x09, 0x01, 0x91, 0x02];
  const input = [0x85, readerReportId.toHost, 0x96, toHost & 0xff, toHost >> 8, 0x09, 0x02, 0x81, 0x02];
  return Uint8Array.from([...collectionOfBytes(readerUsage), ...output, ...input, 0xc0]);
}
