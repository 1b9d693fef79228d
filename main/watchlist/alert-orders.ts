import { SearchAction } from '../contract/search.ts';
import { type Alert, AlertCategory, type AlertOrder } from '../contract/watchlist.ts';
import type { Means } from '../contract/policy.ts';

/** More entries of a kind than this in one alert count as so many. */
const mostCounted = 255;

/**
 * What each alert of a list asks for, and how many names, fingers and faces it has, by its reference: a packed number each, so that
 * a million alerts need no million objects.
 */
export class AlertOrders {
  readonly #packed = new Map<string, number>();

  constructor(alerts: readonly Pick<Alert, 'reference' | keyof AlertOrder | 'identities' | 'fingers' | 'faces'>[]) {
    for (const { reference, category, action, silent, identities, fingers, faces } of alerts) {
      let packed = AlertCategory.options.indexOf(category);
      packed = packed * SearchAction.options.length + SearchAction.options.indexOf(action);
      packed = packed * 2 + Number(silent);
      for (const { length } of [identities, fingers, faces])
        packed = packed * (mostCounted + 1) + Math.min(mostCounted, length);
      this.#packed.set(reference, packed);
    }
  }

  /** How many alerts there are. */
  get size(): number {
    return this.#packed.size;
  }

  /** What an alert asks for; undefined where the list has none of that name. */
  order(reference: string): AlertOrder | undefined {
    return this.#packed.has(reference) ? this.of(reference, 'document').order : undefined;
  }

  /** What an alert asks for, and among how many of its entries a hit by that means is the best. */
  of(reference: string, by: Means): { readonly order: AlertOrder; readonly among: number } {
    let packed = this.#packed.get(reference);
    if (packed === undefined) throw new RangeError('no such alert');
    const next = (options: number): number => {
      const digit = (packed ?? 0) % options;
      packed = ((packed ?? 0) - digit) / options;
      return digit;
    };
    const [faces, fingers, names] = [next(mostCounted + 1), next(mostCounted + 1), next(mostCounted + 1)];
    const entries = { name: names, finger: fingers, face: faces };
    const silent = next(2) === 1;
    const action = SearchAction.options[next(SearchAction.options.length)];
    const category = AlertCategory.options[next(AlertCategory.options.length)];
    if (!action || !category) throw new RangeError('no such alert');
    return { order: { category, action, silent }, among: by === 'document' ? 1 : entries[by] };
  }
}
