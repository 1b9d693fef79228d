import type { Master } from './master.ts';

/** The nearest value from 0 to 1. */
export function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** The ridge profile (-1 to 1) at a point of the finger, 0, 0 in its middle; outside the finger there is none. */
export function ridgeAt(master: Master, x: number, y: number): number {
  const column = x + master.widthPx / 2;
  const row = y + master.heightPx / 2;
  const left = Math.floor(column);
  const top = Math.floor(row);
  if (left < 0 || top < 0 || left + 1 >= master.widthPx || top + 1 >= master.heightPx) return -1;
  const at = top * master.widthPx + left;
  const below = at + master.widthPx;
  const ridges = master.ridges;
  const acrossX = column - left;
  const upper = ridges[at]! + acrossX * (ridges[at + 1]! - ridges[at]!);
  const lower = ridges[below]! + acrossX * (ridges[below + 1]! - ridges[below]!);
  return (upper + (row - top) * (lower - upper)) / 127;
}

/** Sweat pores belong to the finger: in each square of 9 pixels one, somewhere, if any; 1 in its middle. */
export function pore(finger: number, x: number, y: number): number {
  const side = 9;
  const column = Math.floor(x / side);
  const row = Math.floor(y / side);
  const hash = Math.imul(
    Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(finger, 0x9e3779b1),
    0x2c1b3c6d,
  );
  const bits = hash ^ (hash >>> 15);
  if (bits & 1) return 0;
  const dx = x - (column + 0.2 + 0.6 * (((bits >>> 1) & 255) / 255)) * side;
  const dy = y - (row + 0.2 + 0.6 * (((bits >>> 9) & 255) / 255)) * side;
  const square = dx * dx + dy * dy;
  return square > 6 ? 0 : Math.exp(-square / 1.6);
}
