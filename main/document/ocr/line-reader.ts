import type { Stroke } from './band-finder.ts';
import { cutLine } from './line-cutter.ts';
import type { Plane } from './plane.ts';
import type { Recogniser, Sighting } from './recogniser.ts';

/** A line cut out of a picture, and what the network sees of it. */
export interface ReadLine {
  readonly line: Plane;
  readonly sighting: Sighting;
}

/** Reads strokes of one picture; each line of print is read once for either way up, whatever bands it is part of. */
export interface LineReader {
  /** How many lines the network was asked to read. */
  readonly reads: number;
  /** The strokes' lines, upside down where `flipped`, all at once; undefined when one of them shows no print. */
  read(strokes: readonly Stroke[], flipped: boolean): Promise<ReadLine[] | undefined>;
}

/** Strokes whose ends and heights differ by less than this, in heights, are the same line. */
const sameShare = 0.15;

export function openLineReader(grey: Plane, recogniser: Recogniser): LineReader {
  const known: { stroke: Stroke; flipped: boolean; read: ReadLine | undefined }[] = [];
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    read: async (strokes, flipped) => {
      const find = (stroke: Stroke) => known.find((one) => one.flipped === flipped && isSame(one.stroke, stroke));
      const fresh = strokes
        .filter((stroke) => !find(stroke))
        .map((stroke) => ({ stroke, line: cutLine(grey, stroke, flipped) }));
      for (const { stroke, line } of fresh) if (!line) known.push({ stroke, flipped, read: undefined });
      const printed = fresh.flatMap(({ stroke, line }) => (line ? [{ stroke, line }] : []));
      if (printed.length === fresh.length) {
        reads += printed.length;
        const sightings = await recogniser.read(printed.map(({ line }) => line));
        for (const [index, { stroke, line }] of printed.entries()) {
          known.push({ stroke, flipped, read: { line, sighting: sightings[index]! } });
        }
      }
      const lines = strokes.map((stroke) => find(stroke)?.read).filter((read) => read !== undefined);
      return lines.length === strokes.length ? lines : undefined;
    },
  };
}

function isSame(one: Stroke, other: Stroke): boolean {
  const near = (key: keyof Stroke) => Math.abs(one[key] - other[key]) < sameShare * one.heightPx;
  return (['x0', 'y0', 'x1', 'y1', 'heightPx'] as const).every(near);
}
