import { type Drawing, layOf } from './draw-finger.ts';
import { masterOf } from './master.ts';
import type { PatternClass, Singularity } from './pattern.ts';
import { toFinger, toGlass } from './placement.ts';

interface Place {
  readonly xPx: number;
  readonly yPx: number;
}

/** What is known of a drawn image because it was drawn so; places in its own pixels, also those that lie outside it. */
export interface FingerTruth {
  readonly kind: PatternClass;
  readonly cores: readonly Place[];
  readonly deltas: readonly Place[];
  /** Pixels of the image from ridge to ridge at a place of it, before skin was pulled. */
  readonly periodPx: (xPx: number, yPx: number) => number;
}

/** The truth of a drawing: its class, cores, deltas and ridge period. */
export function truthOf(drawing: Drawing): FingerTruth {
  const { pattern, periodAt } = masterOf(drawing.finger);
  const { placement } = layOf(drawing);
  const { widthPx, heightPx, dpi } = drawing;
  const point = new Float64Array(2);
  const place = ({ x, y }: Singularity): Place => {
    toGlass(placement, x, -y, point);
    return {
      xPx: widthPx / 2 + ((point[0] ?? 0) * dpi) / 500,
      yPx: heightPx / 2 + ((point[1] ?? 0) * dpi) / 500,
    };
  };
  return {
    kind: pattern.kind,
    cores: pattern.cores.map(place),
    deltas: pattern.deltas.map(place),
    periodPx: (xPx, yPx) => {
      toFinger(placement, ((xPx - widthPx / 2) * 500) / dpi, ((yPx - heightPx / 2) * 500) / dpi, point);
      return (periodAt(point[0] ?? 0, point[1] ?? 0) * dpi) / 500;
    },
  };
}
