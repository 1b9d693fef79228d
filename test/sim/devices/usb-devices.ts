import { FunctionFsHost, type ProgramDevice } from './functionfs-host.ts';
import type { SimHidDevice } from './sim-device.ts';

const hidClass = 3;
// HID 1.11: 7.1 descriptors, 7.2 requests, 6.2.1 the HID descriptor.
const descriptorType = { hid: 0x21, report: 0x22 } as const;
const standardIn = 0x81;
const classIn = 0xa1;
const classOut = 0x21;
const getDescriptor = 6;
const getReport = 1;
const setReport = 9;
const outputReport = 2;
const input = 0x81;
const output = 0x02;
const packetBytes = 1024;

/** A HID device with numbered reports as a USB device: interrupt endpoints both ways, feature reports by endpoint 0. */
export async function hostHidOnUsb({ identity, model, reportDescriptor }: SimHidDevice): Promise<FunctionFsHost> {
  const length = reportDescriptor.length;
  const device: ProgramDevice = {
    identity,
    interfaceClass: [hidClass, 0, 0],
    classDescriptor: Uint8Array.of(
      9,
      descriptorType.hid,
      0x11,
      1,
      0,
      1,
      descriptorType.report,
      length & 0xff,
      length >> 8,
    ),
    endpoints: [
      { address: input, type: 'interrupt', packetBytes },
      { address: output, type: 'interrupt', packetBytes },
    ],
    controlIn({ requestType, request, value, lengthBytes }) {
      if (requestType === standardIn && request === getDescriptor && value >> 8 === descriptorType.report)
        return reportDescriptor;
      if (requestType !== classIn || request !== getReport) return 'stall';
      return model.getFeature(value & 0xff, lengthBytes) ?? 'silence';
    },
    controlOut({ requestType, request, value }, bytes) {
      if (requestType !== classOut) return false;
      if (request === setReport && value >> 8 === outputReport) model.output(bytes);
      else if (request === setReport) model.setFeature(bytes);
      return true;
    },
    write: (_, report) => model.output(report),
  };
  const host = new FunctionFsHost(device);
  model.onInput = (report) => host.send(input, report);
  await host.replug();
  return host;
}
