import type { Drawing } from './draw-finger.ts';

/** What a make of scanner does to an image, beyond its size. */
export interface Sensor {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
  /** Grey of glass that nothing touches, 0 to 1. */
  readonly ground: number;
  /** Noise of each pixel, besides that of the touch. */
  readonly noise: number;
  /** Unevenness of rows (and half as much of columns) that is always the same. */
  readonly stripes: number;
  /** How far rows slip sideways as a finger is swept over a line of cells, pixels. */
  readonly jitter: number;
  /** What is left of the difference of ridges and valleys. */
  readonly contrast: number;
}

/** Scanners by how they see: glass and camera, small capacitive cells, a heated line, glass of another resolution. */
export const sensors = {
  optical: {
    widthPx: 388,
    heightPx: 374,
    dpi: 500,
    ground: 0.94,
    noise: 0,
    stripes: 0,
    jitter: 0,
    contrast: 1,
  },
  'optical-569': {
    widthPx: 296,
    heightPx: 560,
    dpi: 569,
    ground: 0.9,
    noise: 0.01,
    stripes: 0,
    jitter: 0,
    contrast: 0.9,
  },
  capacitive: {
    widthPx: 300,
    heightPx: 300,
    dpi: 500,
    ground: 0.98,
    noise: 0.05,
    stripes: 0.03,
    jitter: 0,
    contrast: 0.8,
  },
  thermal: {
    widthPx: 280,
    heightPx: 440,
    dpi: 500,
    ground: 0.6,
    noise: 0.04,
    stripes: 0.05,
    jitter: 0.5,
    contrast: 0.65,
  },
} as const satisfies Record<string, Sensor>;

export type SensorName = keyof typeof sensors;

/** A drawing of the size and resolution of a sensor, and seen by it. */
export function onSensor(sensor: SensorName, drawing: Pick<Drawing, 'finger' | 'impression' | 'condition'>): Drawing {
  const { widthPx, heightPx, dpi } = sensors[sensor];
  return { ...drawing, widthPx, heightPx, dpi, sensor };
}
