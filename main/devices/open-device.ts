import type { Fault } from '../contract/fault.ts';
import type { Latencies } from './latency.ts';

/** Who a device says it is. Printable ASCII. */
export interface DeviceInfo {
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  /** Name and version of the protocol it speaks, such as `hfip/1.0`. */
  readonly protocol: string;
}

/** Counts since a device was opened, by name; no personal data. */
export type Counters = Readonly<Record<string, number>>;

/** What every device can tell, whatever its role. */
export interface Device {
  readonly info: DeviceInfo;
  readonly counters: Counters;
  /** How long its answers take, where the driver measures it. */
  readonly latencies?: Latencies;
  /** Day of the last calibration, YYYY-MM-DD; empty or left out where the device does not tell. */
  readonly calibratedOn?: string;
}

/** The detail names codes of the device's protocol; 200 characters at most. */
export interface SelfTestResult {
  readonly passed: boolean;
  readonly detail: string;
}

/** The driver's side of an open device, for whoever keeps it open. */
export interface OpenDevice extends Device {
  /** Told whenever the device goes into or out of use. */
  onBusy(hear: (busy: boolean) => void): void;
  /** Settles when the device is lost, faulty or closed: then it must be opened again. */
  readonly lost: Promise<Fault>;
  /** Asks the idle device for a sign of life; one that gives none is lost. Never throws. */
  check(): Promise<void>;
  selfTest(signal: AbortSignal): Promise<SelfTestResult>;
  /** Closes the port. May be called again. */
  closePort(): Promise<void>;
}
