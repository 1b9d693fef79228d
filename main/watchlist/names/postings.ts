/** Lists of numbers, one list a key, packed into two arrays: the lists of key k lie from starts[k] to starts[k + 1]. */
export interface Postings {
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
}

/** Packs pairs of key and item; `visit` must give the same pairs both times it is run. */
export function packPostings(keys: number, visit: (give: (key: number, item: number) => void) => void): Postings {
  const starts = new Uint32Array(keys + 1);
  visit((key) => void (starts[key + 1] = (starts[key + 1] ?? 0) + 1));
  for (let key = 0; key < keys; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const items = new Uint32Array(starts[keys] ?? 0);
  const next = starts.slice();
  visit((key, item) => {
    const at = next[key] ?? 0;
    items[at] = item;
    next[key] = at + 1;
  });
  return { starts, items };
}

/** The list of one key, without a copy. */
export function postingsOf({ starts, items }: Postings, key: number): Uint32Array {
  return items.subarray(starts[key], starts[key + 1]);
}

/** The first place between two of an ascending list whose number is not below this one. */
export function firstFrom(items: Uint32Array, number: number, from = 0, to = items.length): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
