import { type Policy, type PolicyRule, ruleFor } from '../contract/policy.ts';
import type { Fused, Likeness } from './fusion.ts';
import { logThreshold } from './fusion.ts';

/** What a policy makes of a fused hit: the guard is called, the guard alone is told, or it is too weak to be anything. */
export type Verdict = 'refer' | 'notice' | 'weak';

/**
 * Judges a fused hit in a list of so many alerts. What no rule fits is referred. Only a silent alert is noticed: a rule that says so of
 * one that is open refers.
 */
export function judge(hit: Fused, policy: Pick<Policy, 'rules'>, alerts: number): Verdict {
  const rule = ruleFor(policy, hit.order);
  if (!rule) return 'refer';
  if (!hit.likenesses.some((likeness) => isEnough(likeness, rule))) {
    if (hit.logRatio < logThreshold(alerts, rule.falseAlarmsPer1000)) return 'weak';
  }
  return rule.treatment === 'notice' && hit.order.silent ? 'notice' : 'refer';
}

function isEnough({ by, score, threshold }: Likeness, { alone }: PolicyRule): boolean {
  // A score that cannot be compared is no reason to let somebody pass.
  return alone.some((each) => each.means === by && !(score < (each.score ?? threshold)));
}
