import type { UsbSetup } from '../../../main/devices/usb-port.ts';
import { answered, command, reportId } from '../../../main/devices/finger-imager-protocol.ts';
import { reportEndpoints } from '../../../main/devices/usb-report-port.ts';
import { FingerImagerModel, type ImagerModelOptions } from './finger-imager-model.ts';
import type { UsbModel } from './sim-usb-bus.ts';

/** The device side of docs/usb-slap-imager.md: the finger imager's reports as control requests and transfers. */
export class SlapImagerModel implements UsbModel {
  onInput: (endpoint: number, bytes: Uint8Array) => void = () => {};
  /** The glass and what the device does. */
  readonly imager: FingerImagerModel;

  constructor(options: ImagerModelOptions) {
    this.imager = new FingerImagerModel({
      model: 'Reference slap imager',
      serial: 'SI-0001',
      minor: 2,
      maxWidthPx: 1600,
      maxHeightPx: 1500,
      fragmentReportBytes: 16_010,
      fetchWindow: 256,
      previewPx: 256,
      slaps: true,
      ...options,
    });
    this.imager.onInput = (report) => this.onInput(endpointOf(report), report);
  }

  controlIn(setup: UsbSetup, lengthBytes: number): Uint8Array | undefined {
    if (!ours(setup) || setup.request < reportId.identity || setup.request > reportId.condition) return undefined;
    return this.imager.getFeature(setup.request)?.slice(0, lengthBytes);
  }

  controlOut(setup: UsbSetup, bytes: Uint8Array): boolean {
    if (!ours(setup) || bytes[0] !== setup.request) return false;
    if (setup.request === reportId.settings) this.imager.setFeature(bytes);
    else if (setup.request === reportId.command) this.imager.output(bytes);
    else return false;
    return true;
  }

  /** It has no OUT endpoint. */
  write(): void {}
}

/** Fragments, and the answer that ends them, come one behind the other by the bulk endpoint. */
export function endpointOf(report: Uint8Array): number {
  const ends = report[0] === reportId.message && report[1] === (answered | command.fetch);
  return ends || report[0] === reportId.fragment ? reportEndpoints.fragment : reportEndpoints.message;
}

function ours({ requestType, recipient, value, index }: UsbSetup): boolean {
  return requestType === 'vendor' && recipient === 'interface' && value === 0 && index === 0;
}
