import type { Reason } from '../contract/crossing.ts';
import { Fault } from '../contract/fault.ts';
import type { LimenRecord } from '../contract/record.ts';
import type { Passage } from './gate-station.ts';
import { alarmRecords, type RecordOrigin } from './records.ts';

/** Who stores alarms, and where it is said that one could not be. */
export interface AlarmsOptions {
  readonly origin: () => RecordOrigin;
  readonly records: {
    conclude(crossingId: string, outcome: string, records: readonly LimenRecord[]): Promise<void>;
    keep(records: readonly LimenRecord[]): Promise<void>;
  };
  readonly log: (event: string, details: Readonly<Record<string, string | number>>) => void;
}

/** Alarms that no record of their crossing holds. Neither throws: what cannot be stored is logged. */
export interface Alarms {
  /** A hit that came by itself; it leaves as soon as it can. */
  raise(crossingId: string, reasons: readonly Reason[]): void;
  /** How the one whom a guard let through has passed: someone may have followed. */
  passed(crossingId: string, how: Passage): void;
}

/** Makes the alarms of a gate. */
export function openAlarms({ origin, records, log }: AlarmsOptions): Alarms {
  const storing = (work: Promise<void>) =>
    work.catch((error: unknown) => log('alarm not stored', { fault: Fault.from(error).code }));
  return {
    raise: (crossingId, reasons) => void storing(records.keep(alarmRecords(origin(), crossingId, reasons))),
    passed(crossingId, how) {
      if (how !== 'not-alone') return;
      log('gate not alone', {});
      void storing(records.conclude(crossingId, 'admit', alarmRecords(origin(), crossingId, [{ code: 'tailgating' }])));
    },
  };
}
