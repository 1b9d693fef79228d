import type { Policy } from '../contract/policy.ts';
import type { AlertCategory } from '../contract/watchlist.ts';
import { fuse } from './fusion.ts';
import { judge } from './judgement.ts';
import type { Calibrations } from './likelihood.ts';
import type { RecordedCrossing } from './recorded.ts';

/** What a policy does to recorded crossings; of each category those of its alerts. */
export interface Effects {
  /** Crossings that the list refers. */
  referred: number;
  /** Crossings that are noticed only. */
  noticed: number;
  /** Travellers on no list who are referred or noticed. */
  falseAlarms: number;
  /** Travellers on the list who are referred or noticed by their own alert. */
  found: number;
}

/** What changes from one policy to another. */
export interface Rehearsal {
  readonly crossings: number;
  /** Of those, travellers who are on no list. */
  readonly strangers: number;
  readonly before: Effects;
  readonly after: Effects;
  readonly categories: ReadonlyMap<
    AlertCategory,
    { about: number; before: Effects; after: Effects; lost: number; won: number }
  >;
}

/** Walks recorded crossings through two policies. */
export function rehearse(
  crossings: readonly RecordedCrossing[],
  [former, next]: readonly [Pick<Policy, 'rules'>, Pick<Policy, 'rules'>],
  calibrations: Calibrations,
): Rehearsal {
  const [before, after] = [none(), none()];
  const categories = new Map<
    AlertCategory,
    { about: number; before: Effects; after: Effects; lost: number; won: number }
  >();
  const of = (category: AlertCategory) => {
    const known = categories.get(category) ?? { about: 0, before: none(), after: none(), lost: 0, won: 0 };
    categories.set(category, known);
    return known;
  };
  for (const { alerts, about, likenesses } of crossings) {
    const fused = fuse(likenesses, calibrations);
    if (about) of(about.order.category).about++;
    const found = ([former, next] as const).map((policy, at) => {
      const hits = fused.flatMap((hit) => {
        const verdict = judge(hit, policy, alerts);
        return verdict === 'weak' ? [] : [{ alert: hit.alert, category: hit.order.category, verdict }];
      });
      const side = at === 0 ? 'before' : 'after';
      const own = hits.some(({ alert }) => alert === about?.alert);
      note(side === 'before' ? before : after, hits, about === null, own);
      for (const [category, same] of Map.groupBy(hits, (hit) => hit.category))
        note(of(category)[side], same, about === null, own && about?.order.category === category);
      return own;
    });
    if (!about || found[0] === found[1]) continue;
    if (found[1]) of(about.order.category).won++;
    else of(about.order.category).lost++;
  }
  const strangers = crossings.filter(({ about }) => about === null).length;
  return { crossings: crossings.length, strangers, before, after, categories };
}

const none = (): Effects => ({ referred: 0, noticed: 0, falseAlarms: 0, found: 0 });

function note(effects: Effects, hits: readonly { verdict: string }[], stranger: boolean, own: boolean): void {
  if (hits.length === 0) return;
  if (hits.some(({ verdict }) => verdict === 'refer')) effects.referred++;
  else effects.noticed++;
  if (stranger) effects.falseAlarms++;
  if (own) effects.found++;
}
