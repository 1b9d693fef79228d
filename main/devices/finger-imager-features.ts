import { Fault } from '../contract/fault.ts';
import { controlReportBytes, feature, type ImageBounds, reportId, seal, state } from './finger-imager-protocol.ts';

/* Feature reports of docs/hid-finger-imager.md, sections 4.2 to 4.4. What a minor version added is read only of it. */

/** Section 4.2, all within the bounds that the section sets. What a device of minor version 0 cannot do is false. */
export interface ImagerCapabilities {
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
  readonly dpi: number;
  readonly fragmentReportBytes: number;
  readonly fragmentIntervalUs: number;
  readonly fetchWindow: number;
  readonly selfTest: boolean;
  /** Bounds of a preview, where the device gives previews. */
  readonly preview: ImageBounds | undefined;
  /** Waits for CAPTURE when a SCAN asks it to. */
  readonly onCommand: boolean;
  /** Tells of fingers outside of scans. */
  readonly fingerWatch: boolean;
  /** Takes four fingers at once, by docs/usb-slap-imager.md. */
  readonly slaps: boolean;
}

/** The greatest fragment report over HID; another transport may take longer ones. */
export const mostHidFragmentBytes = 1024;

/** Section 4.2: what it can do. Figures out of bounds are `device.protocol`. */
export function decodeCapabilities(
  report: Uint8Array,
  minor: number,
  mostFragmentBytes = mostHidFragmentBytes,
): ImagerCapabilities {
  const fields = feature(report, reportId.capabilities);
  const bounded = (offset: number, least: number, most: number): number => {
    const value = fields.getUint16(offset, true);
    if (value < least || value > most) throw new Fault('device.protocol', `capability at ${offset} out of bounds`);
    return value;
  };
  const bits = fields.getUint8(13) & (minor >= 2 ? 0x1f : minor >= 1 ? 0x0f : 0x01);
  const fragmentReportBytes = bounded(7, 64, mostFragmentBytes);
  const dpi = bounded(5, 250, 1000);
  return {
    maxWidthPx: bounded(1, 16, 2048),
    maxHeightPx: bounded(3, 16, 2048),
    dpi,
    fragmentReportBytes,
    fragmentIntervalUs: bounded(9, 0, 20_000),
    fetchWindow: bounded(11, 1, 65_535),
    selfTest: (bits & 0x01) !== 0,
    preview:
      (bits & 0x02) === 0
        ? undefined
        : {
            maxWidthPx: bounded(14, 16, 256),
            maxHeightPx: bounded(16, 16, 256),
            dpi,
            fragmentReportBytes,
            lowerDpi: true,
          },
    onCommand: (bits & 0x04) !== 0,
    fingerWatch: (bits & 0x08) !== 0,
    slaps: (bits & 0x10) !== 0,
  };
}

/** Section 4.3. */
export interface ImagerSettings {
  /** 1 to 100; 0 lets the device choose. */
  readonly gainPercent: number;
  /** Seconds without a command until the light goes out; 0 = never. */
  readonly sleepAfterSeconds: number;
  /** Own quality, 1 to 100, from which the device captures by itself; 0 lets it choose. Of minor version 1. */
  readonly captureQualityPercent?: number;
  /** Whether the device tells of fingers outside of scans. Of minor version 1. */
  readonly watchFinger?: boolean;
}

/** Section 4.3: a settings report to write to a device of this minor version. */
export function encodeSettings(settings: ImagerSettings, minor: number): Uint8Array {
  const report = new Uint8Array(controlReportBytes);
  report[0] = reportId.settings;
  report[1] = settings.gainPercent;
  new DataView(report.buffer).setUint16(2, settings.sleepAfterSeconds, true);
  if (minor >= 1) report.set([settings.captureQualityPercent ?? 0, settings.watchFinger ? 1 : 0], 4);
  return seal(report);
}

/** Whether the settings that a device reads back are the ones that were written, as far as its version knows them. */
export function settingsTaken(report: Uint8Array, written: Uint8Array, minor: number): boolean {
  feature(report, reportId.settings);
  return report.subarray(1, minor >= 1 ? 6 : 4).every((byte, at) => byte === written[1 + at]);
}

/** Section 4.4. */
export interface ImagerCondition {
  readonly broken: boolean;
  /** Day of the last calibration as YYYY-MM-DD; empty where the device does not know one. */
  readonly calibratedOn: string;
  /** Whether a finger lies on the glass; undefined before minor version 1. */
  readonly finger: boolean | undefined;
}

/** Section 4.4: how it does. A date that no calendar has is none. */
export function decodeCondition(report: Uint8Array, minor: number): ImagerCondition {
  const fields = feature(report, reportId.condition);
  const broken = fields.getUint8(1) === state.broken;
  if (minor < 1) return { broken, calibratedOn: '', finger: undefined };
  const [year, month, day] = [fields.getUint16(11, true), fields.getUint8(13), fields.getUint8(14)];
  return { broken, calibratedOn: dateOf(year, month, day), finger: fields.getUint8(15) !== 0 };
}

function dateOf(year: number, month: number, day: number): string {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = year >= 2000 && year <= 9999 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.toISOString().slice(0, 10) : '';
}

/** Names of the bits of a SELF TEST answer (section 5): what did not pass. */
export function selfTestDetail(codes: number): string {
  if (codes === 0) return 'passed';
  const names = ['sensor', 'light', 'memory', 'temperature', 'calibration'].filter((_name, bit) => codes & (1 << bit));
  return `failed: ${[...names, `0x${codes.toString(16).padStart(4, '0')}`].join(', ')}`;
}
