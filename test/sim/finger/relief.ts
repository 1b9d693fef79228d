/** Smooth unevenness over a plane, about -1 to 1. */
export type Relief = (x: number, y: number) => number;

const side = 64;

/** Draws a relief whose hills are about `step` apart; it repeats after 64 steps. */
export function drawRelief(random: () => number, step: number): Relief {
  const knots = Float32Array.from({ length: side * side }, () => 2 * random() - 1);
  const knot = (column: number, row: number): number => knots[(row & (side - 1)) * side + (column & (side - 1))] ?? 0;
  return (x, y) => {
    const column = Math.floor(x / step);
    const row = Math.floor(y / step);
    const across = ease(x / step - column);
    const down = ease(y / step - row);
    const upper = knot(column, row) * (1 - across) + knot(column + 1, row) * across;
    const lower = knot(column, row + 1) * (1 - across) + knot(column + 1, row + 1) * across;
    return upper * (1 - down) + lower * down;
  };
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}
