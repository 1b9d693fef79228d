import type { DeviceHealth } from '../contract/technician.ts';

const dayMs = 86_400_000;

/**
 * Whether a calibration of the given day, YYYY-MM-DD, is more than `days` old at `nowMs` since 1970. An empty day is one
 * that the device does not know. Nothing is warned of where `days` is not given.
 */
export function calibrationWarning(
  calibratedOn: string,
  days: number | undefined,
  nowMs: number,
): DeviceHealth['warnings'][number] | undefined {
  if (days === undefined) return undefined;
  if (calibratedOn === '') return 'calibration-unknown';
  return nowMs - Date.parse(calibratedOn) > (days + 1) * dayMs ? 'calibration-overdue' : undefined;
}
