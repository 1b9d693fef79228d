import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { Means } from '../contract/policy.ts';
import { AlertOrder } from '../contract/watchlist.ts';

/** A crossing as a policy sees it, for dry runs: what was alike and how much, and nothing of who it was. */
export const RecordedCrossing = z.strictObject({
  /** How many alerts the list had. */
  alerts: z.int().min(1),
  /** The alert that is about the traveller, where it is known that one is; null for somebody on no list. */
  about: z.strictObject({ alert: z.string().max(64), order: AlertOrder }).nullable(),
  likenesses: z
    .array(
      z.strictObject({
        alert: z.string().max(64),
        order: AlertOrder,
        by: Means,
        score: z.number(),
        threshold: z.number(),
        among: z.int().min(1),
      }),
    )
    .max(10_000),
});
export type RecordedCrossing = z.infer<typeof RecordedCrossing>;

/** Reads recorded crossings, one JSON object a line. Fault `policy.refused` names the line that is none. */
export function readRecorded(text: string): RecordedCrossing[] {
  return text
    .split('\n')
    .map((line, at) => [line, at + 1] as const)
    .filter(([line]) => line.trim() !== '')
    .map(([line, number]) => {
      try {
        return RecordedCrossing.parse(JSON.parse(line));
      } catch (cause) {
        throw new Fault('policy.refused', `line ${number} is no recorded crossing`, { cause });
      }
    });
}
