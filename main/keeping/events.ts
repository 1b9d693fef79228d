import type { AuditEvent } from '../contract/audit.ts';
import type { LimenRecord } from '../contract/record.ts';

/** What the log is told of records that are stored together: that they are there, what was decided and for which reasons. */
export function eventsOf(records: readonly LimenRecord[]): AuditEvent[] {
  const idsOf = (id: string) =>
    records.filter((record) => 'crossingId' in record && record.crossingId === id).map(({ id }) => id);
  return records.flatMap((record): AuditEvent[] => {
    switch (record.kind) {
      case 'crossing': {
        const { crossingId, outcome, reasons, watchlistVersion: listVersion, fallback } = record;
        // What must not be noticed is no line of its own: the log, too, goes out on the line.
        const codes = [...new Set([...reasons, ...(record.notices ?? [])].map(({ code }) => code))];
        return [
          {
            event: 'crossing-concluded',
            crossingId,
            outcome,
            reasons: codes,
            listVersion,
            fallback,
            packetIds: idsOf(crossingId),
          },
        ];
      }
      case 'guard-decision': {
        const { crossingId, guardId: staffId, outcome } = record;
        return [{ event: 'guard-decided', crossingId, staffId, outcome, packetIds: idsOf(crossingId) }];
      }
      case 'alarm': {
        const { crossingId, alarms } = record;
        return [{ event: 'alarm-raised', crossingId, reasons: alarms.map(({ code }) => code), packetIds: [record.id] }];
      }
      case 'biometrics':
      case 'audit':
      case 'statistics':
        return [];
    }
  });
}
