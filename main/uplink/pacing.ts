import { maxBatchBytes, maxBatchRows, type Pace } from '../contract/packet.ts';

/** The longest that central may have a kiosk wait between two requests, and a kiosk that has a hit to tell of. */
const longestMs = 60_000;
export const urgentMs = 1000;

/** What the kiosk keeps to: how much in a request, the wait before the next, and the turn it was given. */
export interface Going {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly waitMs: number;
  readonly turn?: string;
}

/** Where central says nothing. */
export const freely: Going = { maxRows: maxBatchRows, maxBytes: maxBatchBytes, waitMs: 0 };

/** Does as central asks, within bounds: what it asks for can slow a kiosk down, and not silence it. */
export function following(pace: Pace | undefined): Going {
  if (!pace) return freely;
  const { maxRows, maxBytes, waitMs, turn } = pace;
  return { maxRows, maxBytes, waitMs: Math.min(waitMs, longestMs), ...(turn && { turn }) };
}
