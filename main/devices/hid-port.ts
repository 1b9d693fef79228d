import type { Fault } from '../contract/fault.ts';

/** What a bus tells of a HID device before it is opened. Empty or 0 where the system does not know. */
export interface HidInfo {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  readonly product: string;
  readonly usagePage: number;
  readonly usage: number;
}

/** One open HID device. In every report byte 0 is the report id. A port that has closed stays closed. */
export interface HidPort {
  readonly info: HidInfo;
  /** Sends an output report; writes are queued, one at a time. Fails with `device.absent`. */
  write(report: Uint8Array): Promise<void>;
  getFeature(reportId: number, lengthBytes: number): Promise<Uint8Array>;
  setFeature(report: Uint8Array): Promise<void>;
  /** Every input report, until the returned function is called. The bytes are not used again by the port. */
  onReport(hear: (report: Uint8Array) => void): () => void;
  /** Told once why the port closed; at once when it has closed already. */
  onClosed(hear: (why: Fault) => void): () => void;
  close(): Promise<void>;
}

/** All HID devices of a machine. */
export interface HidBus {
  list(): Promise<readonly HidInfo[]>;
  /** Fails with `device.absent`. */
  open(path: string): Promise<HidPort>;
  /** Called when a device has come or gone. */
  onChange(hear: () => void): () => void;
}
