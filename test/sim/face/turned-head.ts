import { landmark, type Landmarks } from '../../../main/biometrics/face/face-landmarks.ts';
import type { Raster } from '../../../main/biometrics/face/raster.ts';

/** The depth of a head in a picture of it: pixels towards the camera at each node of a grid over the head. */
export interface HeadRelief {
  readonly centre: { readonly x: number; readonly y: number };
  /** Distance from the head's axis within which the picture turns; beyond it stays. */
  readonly reachPx: number;
  readonly depthAt: (x: number, y: number) => number;
}

const nodes = 48;

/** Builds a relief from the face mesh: near its points as deep as they are, and falling away to the sides like a head. */
export function headRelief(landmarks: Landmarks): HeadRelief {
  const [right, left] = [landmark(landmarks, 234), landmark(landmarks, 454)];
  const [top, bottom] = [landmark(landmarks, 10), landmark(landmarks, 152)];
  const centre = { x: (right.x + left.x) / 2, y: (top.y + bottom.y) / 2 };
  const height = Math.hypot(top.x - bottom.x, top.y - bottom.y);
  const reachPx = height * 1.1;
  const far = (right.depth + left.depth) / 2;
  const start = { x: centre.x - reachPx, y: centre.y - reachPx };
  const stepPx = (2 * reachPx) / (nodes - 1);
  const grid = new Float32Array(nodes * nodes);
  for (let row = 0; row < nodes; row++) {
    for (let column = 0; column < nodes; column++) {
      const [x, y] = [start.x + column * stepPx, start.y + row * stepPx];
      let [sum, weights] = [0, 0];
      let nearest = Infinity;
      for (const point of landmarks) {
        const square = (point.x - x) ** 2 + (point.y - y) ** 2;
        const weight = 1 / (square + (height * 0.02) ** 2) ** 2;
        sum += (far - point.depth) * weight;
        weights += weight;
        nearest = Math.min(nearest, square);
      }
      // Off the mesh the relief runs out to the depth of the cheeks.
      const fade = Math.exp(-nearest / (height * 0.2) ** 2);
      grid[row * nodes + column] = (sum / weights) * fade;
    }
  }
  const at = (column: number, row: number) => grid[row * nodes + column] ?? 0;
  return {
    centre,
    reachPx,
    depthAt(x, y) {
      const u = Math.min(Math.max((x - start.x) / stepPx, 0), nodes - 1.001);
      const v = Math.min(Math.max((y - start.y) / stepPx, 0), nodes - 1.001);
      const [column, row] = [Math.floor(u), Math.floor(v)];
      const [s, t] = [u - column, v - row];
      const upper = at(column, row) * (1 - s) + at(column + 1, row) * s;
      const lower = at(column, row + 1) * (1 - s) + at(column + 1, row + 1) * s;
      return upper * (1 - t) + lower * t;
    },
  };
}

/** The picture with the head turned about its upright axis by degrees, positive to the person's left. */
export function turnHead(raster: Raster, { centre, reachPx, depthAt }: HeadRelief, degrees: number): Raster {
  return remap(raster, (x, y) => {
    const away = Math.hypot(x - centre.x, y - centre.y) / reachPx;
    const angle = ((degrees * Math.PI) / 180) * Math.min(1, Math.max(0, (1 - away) * 3));
    if (angle === 0) return [x, y];
    // The point seen at x stood where turning brings it to x; found step by step, since its depth depends on where it was.
    let from = x;
    for (let step = 0; step < 8; step++) {
      from = centre.x + (x - centre.x - depthAt(from, y) * Math.sin(angle)) / Math.cos(angle);
    }
    return [from, y];
  });
}

/**
 * A flat picture turned about its upright axis by degrees and seen from `distancePx`: what somebody does who moves a
 * photograph before the camera.
 */
export function turnSheet(
  raster: Raster,
  centre: { x: number; y: number },
  degrees: number,
  distancePx: number,
): Raster {
  const angle = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return remap(raster, (x, y) => {
    const [u, v] = [x - centre.x, y - centre.y];
    const along = (u * distancePx) / (distancePx * cosine + u * sine);
    const scale = (distancePx - along * sine) / distancePx;
    return [centre.x + along, centre.y + v * scale];
  });
}

function remap(raster: Raster, from: (x: number, y: number) => readonly [number, number]): Raster {
  const { widthPx, heightPx, channels, pixels } = raster;
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [fx, fy] = from(x, y);
      const [cx, cy] = [Math.min(Math.max(fx, 0), widthPx - 1.001), Math.min(Math.max(fy, 0), heightPx - 1.001)];
      const [left, top] = [Math.floor(cx), Math.floor(cy)];
      const [s, t] = [cx - left, cy - top];
      const at = (top * widthPx + left) * channels;
      for (let channel = 0; channel < channels; channel++, to++) {
        const upper = (pixels[at + channel] ?? 0) * (1 - s) + (pixels[at + channels + channel] ?? 0) * s;
        const below = at + widthPx * channels + channel;
        const lower = (pixels[below] ?? 0) * (1 - s) + (pixels[below + channels] ?? 0) * s;
        out[to] = upper * (1 - t) + lower * t + 0.5;
      }
    }
  }
  return { ...raster, pixels: out };
}
