/** Spearman's correlation of two lists of equal length, -1 to 1; equal values share their middle rank. */
export function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  const a = ranks(one);
  const b = ranks(other);
  const middle = (one.length - 1) / 2;
  let both = 0;
  let aSquare = 0;
  let bSquare = 0;
  for (const [i, rank] of a.entries()) {
    const x = rank - middle;
    const y = (b[i] ?? NaN) - middle;
    both += x * y;
    aSquare += x * x;
    bSquare += y * y;
  }
  return both / Math.sqrt(aSquare * bSquare);
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).toSorted((a, b) => a.value - b.value);
  const out = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to++;
    for (const { at } of order.slice(from, to)) out[at] = (from + to - 1) / 2;
    from = to;
  }
  return out;
}
