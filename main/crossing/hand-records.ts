import type { ManualEntry } from '../contract/guard.ts';
import type { CrossingRecord, GuardRecord } from '../contract/record.ts';
import { newIdentifier } from '../contract/identifier.ts';

/**
 * The records of a crossing that a guard wrote by hand while nothing could be stored (Reg. (EU) 2017/2226 Art. 21(2)): marked as
 * fallback, with the time it happened, without anything biometric. No zone was read, so its lines are empty.
 */
export function handRecords(
  kioskId: string,
  crossingId: string,
  nowMs: number,
  guardId: string,
  entry: ManualEntry,
): [CrossingRecord, GuardRecord] {
  const { at, outcome, documentCode, documentNumber, ...person } = entry;
  const common = () => ({
    format: 'limen-record' as const,
    version: 1 as const,
    id: newIdentifier(nowMs),
    crossingId,
    kioskId,
    occurredAt: at,
  });
  return [
    {
      ...common(),
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
    { ...common(), kind: 'guard-decision', guardId, outcome, reason: 'Entered by hand' },
  ];
}
