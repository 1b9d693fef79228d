import type { ManualEntry } from '../contract/guard.ts';
import type { CrossingRecord, GuardRecord } from '../contract/record.ts';
import { begin, guardRecord, type RecordOrigin } from './records.ts';

/**
 * The records of a crossing that a guard wrote by hand while nothing could be stored (Reg. (EU) 2017/2226 Art. 21(2)): marked as
 * fallback, with the time it happened, without anything biometric. No zone was read, so its lines are empty.
 */
export function handRecords(
  origin: RecordOrigin,
  crossingId: string,
  guardId: string,
  entry: ManualEntry,
): [CrossingRecord, GuardRecord] {
  const { at: occurredAt, outcome, documentCode, documentNumber, ...person } = entry;
  return [
    {
      ...begin(origin, crossingId),
      occurredAt,
      kind: 'crossing',
      fallback: true,
      document: {
        format: 'TD3',
        code: documentCode,
        number: documentNumber,
        ...person,
        optionalData: '',
        lines: ['', ''],
      },
      outcome: 'refer',
      reasons: [{ code: 'entered-by-hand' }],
      watchlistVersion: 'none',
    },
    { ...guardRecord(origin, crossingId, { guardId, outcome, reason: 'Entered by hand' }), occurredAt },
  ];
}
