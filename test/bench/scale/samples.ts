/** One request of a kiosk: when, with records or to hear whether central is there, how long its answer took, and its status; 0 where none came. */
export interface Sample {
  readonly sentAt: number;
  readonly tookMs: number;
  readonly status: number;
  readonly withRecords: boolean;
}

/** What kiosks say when they are done. Times are milliseconds since 1970. */
export interface KioskReport {
  readonly samples: readonly Sample[];
  readonly emptiedAt: readonly number[];
  readonly ids: readonly string[];
}

/** The value that a share of others do not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}
