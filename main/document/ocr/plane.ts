/** One byte a pixel, row by row. */
export interface Plane {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly values: Uint8Array;
}

/** The plane made smaller: every pixel the mean of those it covers. Never made larger. */
export function shrink(plane: Plane, factor: number): Plane {
  if (factor <= 1) return plane;
  const widthPx = Math.max(1, Math.floor(plane.widthPx / factor));
  const heightPx = Math.max(1, Math.floor(plane.heightPx / factor));
  const values = new Uint8Array(widthPx * heightPx);
  const lefts = Array.from({ length: widthPx + 1 }, (_, x) => Math.min(plane.widthPx, Math.round(x * factor)));
  const sums = new Uint32Array(widthPx);
  for (let row = 0; row < heightPx; row++) {
    const top = Math.round(row * factor);
    const bottom = Math.min(plane.heightPx, Math.max(top + 1, Math.round((row + 1) * factor)));
    sums.fill(0);
    for (let y = top; y < bottom; y++) {
      const base = y * plane.widthPx;
      for (let column = 0; column < widthPx; column++) {
        let sum = 0;
        for (let x = lefts[column]!; x < lefts[column + 1]!; x++) sum += plane.values[base + x]!;
        sums[column]! += sum;
      }
    }
    for (let column = 0; column < widthPx; column++) {
      const count = (lefts[column + 1]! - lefts[column]!) * (bottom - top);
      values[row * widthPx + column] = sums[column]! / count + 0.5;
    }
  }
  return { widthPx, heightPx, values };
}

/** Rows become columns. */
export function transpose({ widthPx, heightPx, values }: Plane): Plane {
  const turned = new Uint8Array(values.length);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) turned[x * heightPx + y] = values[y * widthPx + x]!;
  }
  return { widthPx: heightPx, heightPx: widthPx, values: turned };
}

/** The greatest value within `reach` pixels to the left and to the right. */
export function widen(plane: Plane, reach: number): Plane {
  return greatest(plane, reach, 0);
}

/** The least value within `reach` pixels to the left and to the right. */
export function narrow(plane: Plane, reach: number): Plane {
  return greatest(plane, reach, 255);
}

/**
 * The greatest value of the plane, or of its negative where `flip` is 255, in time that does not depend on the reach (van
 * Herk, Gil and Werman: running maxima from both ends of blocks).
 */
function greatest({ widthPx, heightPx, values }: Plane, reach: number, flip: 0 | 255): Plane {
  const block = 2 * reach + 1;
  const length = Math.ceil((widthPx + 2 * reach) / block) * block;
  const [line, ahead, behind] = [new Uint8Array(length), new Uint8Array(length), new Uint8Array(length)];
  const out = new Uint8Array(values.length);
  for (let y = 0; y < heightPx; y++) {
    const base = y * widthPx;
    for (let x = 0; x < widthPx; x++) line[reach + x] = values[base + x]! ^ flip;
    for (let start = 0; start < length; start += block) {
      const end = start + block;
      for (let x = start, most = 0; x < end; x++) {
        const value = line[x]!;
        if (value > most) most = value;
        ahead[x] = most;
      }
      for (let x = end - 1, most = 0; x >= start; x--) {
        const value = line[x]!;
        if (value > most) most = value;
        behind[x] = most;
      }
    }
    for (let x = 0; x < widthPx; x++) {
      const left = behind[x]!;
      const right = ahead[x + block - 1]!;
      out[base + x] = (left > right ? left : right) ^ flip;
    }
  }
  return { widthPx, heightPx, values: out };
}

/** Paper is taken for no darker than this: below it noise would look like print. */
const darkestPaper = 64;

/** What is darker than all of a square around it, whatever lies in shadow: how much so, as a share of the brightness there. */
export function darkness(plane: Plane, reach: number): Plane {
  const high = transpose(widen(plane, reach));
  const closed = narrow(transpose(narrow(widen(high, reach), reach)), reach);
  const values = new Uint8Array(plane.values.length);
  for (let index = 0; index < values.length; index++) {
    const light = closed.values[index]!;
    values[index] = ((light - plane.values[index]!) * 255) / Math.max(light, darkestPaper);
  }
  return { ...plane, values };
}

/** The plane's value between pixels; beyond its border the border goes on. 0,0 is the centre of the first pixel. */
export function sample({ widthPx, heightPx, values }: Plane, x: number, y: number): number {
  const clearX = x < 0 ? 0 : x > widthPx - 1 ? widthPx - 1 : x;
  const clearY = y < 0 ? 0 : y > heightPx - 1 ? heightPx - 1 : y;
  const left = Math.floor(clearX);
  const top = Math.floor(clearY);
  const at = top * widthPx + left;
  const right = left < widthPx - 1 ? 1 : 0;
  const below = top < heightPx - 1 ? widthPx : 0;
  const u = clearX - left;
  const v = clearY - top;
  const upper = values[at]! * (1 - u) + values[at + right]! * u;
  const lower = values[at + below]! * (1 - u) + values[at + below + right]! * u;
  return upper * (1 - v) + lower * v;
}
