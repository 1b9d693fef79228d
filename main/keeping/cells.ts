import type { BiometricsRecord, CrossingRecord, LimenRecord } from '../contract/record.ts';

/** What a crossing is counted under: how it ended, by what it was compared, how long it took. None tells one traveller from another. */
export function cellsOf(records: readonly LimenRecord[]): string[] {
  return records.flatMap((record) => {
    if (record.kind === 'guard-decision') return [`guard/${record.outcome}`];
    if (record.kind !== 'crossing') return [];
    const captured = records.find((other) => other.kind === 'biometrics');
    return [[record.outcome, meansOf(record, captured).join('+') || 'nothing', durationOf(record)].join('/')];
  });
}

function meansOf({ document }: CrossingRecord, captured: BiometricsRecord | undefined): string[] {
  return [
    ...(document ? ['document'] : []),
    ...(captured?.face ? ['face'] : []),
    ...(captured?.finger ? ['finger'] : []),
  ];
}

/** How long it took until it was decided: a crossing's id holds the millisecond it began in (RFC 9562, 5.7). */
function durationOf({ crossingId, occurredAt, reasons }: CrossingRecord): string {
  const beganMs = Number.parseInt(crossingId.replaceAll('-', '').slice(0, 12), 16);
  const seconds = (Date.parse(occurredAt) - beganMs) / 1000;
  // Written by hand, broken off, or the clock was set meanwhile.
  const untold = reasons.some(({ code }) => code === 'entered-by-hand' || code === 'interrupted');
  if (untold || seconds < 0 || seconds > 3600) return 'untold';
  return seconds < 30 ? 'under-30s' : seconds < 60 ? 'under-60s' : seconds < 120 ? 'under-120s' : 'over-120s';
}
