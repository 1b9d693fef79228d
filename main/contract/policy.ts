import * as z from 'zod';
import { SearchAction } from './search.ts';
import { AlertCategory, type AlertOrder } from './watchlist.ts';

/** By what an alert of the list can be hit. */
export const Means = z.enum(['document', 'name', 'finger', 'face']);
export type Means = z.infer<typeof Means>;

/** Bytes of a signed policy, at most. */
export const maxPolicyBytes = 64 * 1024;

/** What is done about hits of these categories and actions; what is not named is any. */
const PolicyRule = z.strictObject({
  categories: z.array(AlertCategory).min(1).optional(),
  actions: z.array(SearchAction).min(1).optional(),
  /** `refer` calls the guard. `notice` tells the guard alone, and does nothing that the person could notice (R18). */
  treatment: z.enum(['refer', 'notice']),
  /** Of 1,000 travellers on no list, so many at most may be hit by any one set of means that is fused. A weaker hit does nothing. */
  falseAlarmsPer1000: z.number().positive().max(1000),
  /** Means that are enough by themselves, from that score on; without one, from that which the search has for a list of this size. */
  alone: z.array(z.strictObject({ means: Means, score: z.number().optional() })).max(Means.options.length),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/**
 * What a hit on the kiosk's own list does: the first rule that fits counts. The last fits all and refers; only discreet checks, which
 * ask nobody to do anything that shows, can be noticed (R19: inquiry and specific checks need a guard).
 */
export const Policy = z
  .strictObject({
    format: z.literal('limen-policy'),
    version: z.literal(1),
    /** Rises with each policy: an older one never takes the place of a newer. */
    number: z.int().min(1),
    issuedAt: z.iso.datetime({ precision: 3 }),
    rules: z.array(PolicyRule).min(1).max(64),
  })
  .superRefine(({ rules }, context) => {
    const wrong = (at: number, message: string) => context.addIssue({ code: 'custom', path: ['rules', at], message });
    for (const [at, { treatment, actions }] of rules.entries())
      if (treatment === 'notice' && !actions?.every((action) => action === 'discreet-check'))
        wrong(at, 'only discreet checks can be noticed');
    const last = rules.at(-1);
    if (last?.treatment !== 'refer' || last.categories || last.actions)
      wrong(rules.length - 1, 'the last rule must fit all, and refer');
  });
export type Policy = z.infer<typeof Policy>;

/** The rule for an alert. */
export function ruleFor({ rules }: Pick<Policy, 'rules'>, { category, action }: AlertOrder): PolicyRule | undefined {
  return rules.find(
    ({ categories, actions }) => (categories?.includes(category) ?? true) && (actions?.includes(action) ?? true),
  );
}
