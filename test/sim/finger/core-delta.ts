/** A core or a delta as a record holds it, angles as of a minutia: one of a core, three of a delta, or none. */
export interface RecordedSingularity {
  readonly x: number;
  readonly y: number;
  readonly angles: readonly number[];
}

/** The cores and deltas of a view. */
export interface RecordedSingularities {
  readonly cores: readonly RecordedSingularity[];
  readonly deltas: readonly RecordedSingularity[];
}

export const coreDeltaType = 2;

/** The core and delta area (ISO/IEC 19794-2:2005 clause 7.5.3) with its header; nothing when there are neither. */
export function packCoreDelta({ cores, deltas }: RecordedSingularities): Uint8Array {
  const points = (all: readonly RecordedSingularity[]): number[] => [
    all.length,
    ...all.flatMap(({ x, y, angles }) => [
      (angles.length > 0 ? 64 : 0) | (x >> 8),
      x & 255,
      y >> 8,
      y & 255,
      ...angles,
    ]),
  ];
  if (cores.length + deltas.length === 0) return Uint8Array.of();
  return areaOf([...points(cores), ...points(deltas)]);
}

/** The area as ANSI INCITS 378-2004 has it: one type for all cores, and one for all deltas; its length counts its header. */
export function packAnsiCoreDelta({ cores, deltas }: RecordedSingularities): Uint8Array {
  const points = (all: readonly RecordedSingularity[]): number[] => [
    (all.some(({ angles }) => angles.length > 0) ? 64 : 0) | all.length,
    ...all.flatMap(({ x, y, angles }) => [x >> 8, x & 255, y >> 8, y & 255, ...angles]),
  ];
  return areaOf([...points(cores), ...points(deltas)], 4);
}

/** Reads a sound area's content back. */
export function unpackCoreDelta(content: Uint8Array): RecordedSingularities {
  let at = 0;
  const byte = (): number => content[at++] ?? 0;
  const points = (angles: number): RecordedSingularity[] =>
    Array.from({ length: byte() }, () => {
      const typeAndX = (byte() << 8) | byte();
      const y = (byte() << 8) | byte();
      return { x: typeAndX & 0x3fff, y, angles: Array.from({ length: typeAndX >> 14 ? angles : 0 }, byte) };
    });
  return { cores: points(1), deltas: points(3) };
}

function areaOf(content: readonly number[], counted = 0): Uint8Array {
  const length = content.length + counted;
  return Uint8Array.of(0, coreDeltaType, length >> 8, length & 255, ...content);
}
