import type { Model } from './manifest.ts';

/**
 * How often two different people score at least so high, read off the model's measured curve (logarithm of the rate,
 * straight between its points). Beyond the last point it stays at that point's rate: the data tells no smaller ones.
 */
export function falseMatchRate({ calibration }: Model, score: number): number | undefined {
  if (!calibration) return undefined;
  const { points } = calibration;
  const after = points.findIndex(([at]) => at > score);
  const [low, high] = [points.at(after < 0 ? -1 : Math.max(after - 1, 0)), points.at(Math.max(after, -1))];
  if (!low || !high || low === high) return low?.[1];
  const share = (score - low[0]) / (high[0] - low[0]);
  return Math.exp(Math.log(low[1]) * (1 - share) + Math.log(high[1]) * share);
}
