import type { UsbSetup } from '../../../main/devices/usb-port.ts';
import { FunctionFsHost, type ProgramDevice, type RawSetup } from './functionfs-host.ts';
import type { SimHidDevice, SimUsbDevice } from './sim-device.ts';

/** A device down to its last descriptor, for whoever speaks USB for it, and who takes what it says on its IN endpoints. */
export interface UsbProgram {
  readonly device: ProgramDevice;
  onInput(hear: (endpoint: number, bytes: Uint8Array) => void): void;
}

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
export function hidProgram({ identity, model, reportDescriptor }: SimHidDevice): UsbProgram {
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
  return { device, onInput: (hear) => void (model.onInput = (report) => hear(input, report)) };
}

const vendorOut = 0x40;
const typeMask = 0x60;
const recipientMask = 0x1f;

/**
 * Where a device of a vendor's own class tells of events and gives images: 0x81 by interrupts, 0x82 in bulk. The kernel's
 * controller of none (dummy_hcd) numbers endpoints itself, first come first served; its second and third for bulk, 0x86 and
 * 0x8b, are there so that its fourth is 0x82.
 */
const vendorEndpoints = [
  { address: 0x81, type: 'interrupt', packetBytes: 64 },
  { address: 0x86, type: 'bulk', packetBytes: 512 },
  { address: 0x8b, type: 'bulk', packetBytes: 512 },
  { address: 0x82, type: 'bulk', packetBytes: 512 },
] as const;

/** A USB device of a vendor's own class. */
export function vendorProgram({ identity, model, interfaces }: SimUsbDevice): UsbProgram {
  const [only] = interfaces;
  if (!only || interfaces.length > 1) throw new Error('a device of one interface is wanted');
  const asked = ({ requestType, request, value, index }: RawSetup): UsbSetup | undefined => {
    const recipient = (['device', 'interface'] as const)[requestType & recipientMask];
    const type = requestType & typeMask;
    if (!recipient || type === 0) return undefined;
    return { requestType: type === vendorOut ? 'vendor' : 'class', recipient, request, value, index };
  };
  const device: ProgramDevice = {
    identity,
    interfaceClass: [only.class, only.subclass, only.protocol],
    endpoints: vendorEndpoints,
    controlIn(raw) {
      const setup = asked(raw);
      return (setup && model.controlIn(setup, raw.lengthBytes)) ?? 'stall';
    },
    controlOut(raw, bytes) {
      const setup = asked(raw);
      return setup !== undefined && model.controlOut(setup, bytes);
    },
    write: (endpoint, bytes) => model.write(endpoint, bytes),
  };
  return { device, onInput: (hear) => void (model.onInput = hear) };
}

/** A device as it is on USB. */
export const usbProgramOf = (device: SimHidDevice | SimUsbDevice): UsbProgram =>
  device.bus === 'hid' ? hidProgram(device) : vendorProgram(device);

/** Plugs it into this machine's own kernel. */
export async function hostOnUsb(device: SimHidDevice | SimUsbDevice): Promise<FunctionFsHost> {
  const program = usbProgramOf(device);
  const host = new FunctionFsHost(program.device);
  program.onInput((endpoint, bytes) => host.send(endpoint, bytes));
  await host.replug();
  return host;
}
