/** A minutia as a record holds it: whole numbers, the angle in steps of the format, anticlockwise. */
export interface RecordedMinutia {
  readonly kind: 0 | 1 | 2;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly quality: number;
}

/** One view. `number` and `impression` are 0 when not said. */
export interface ViewFields {
  readonly position: number;
  readonly number?: number;
  readonly impression?: number;
  readonly quality: number;
  readonly minutiae: readonly RecordedMinutia[];
  /** The extended data block, without its length. */
  readonly extended: Uint8Array;
}

/** The image's fields. Resolutions in pixels per centimetre. */
export interface ImageFields {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly xResolution: number;
  readonly yResolution: number;
  /** The capture equipment's field: 0 for none reported; that of another maker when not said. */
  readonly equipment?: number;
}

/** The fields of a record of one view. */
export type RecordFields = ImageFields & ViewFields;

/** How the header is written: ANSI with its length in two bytes, in six, or as writers do that follow ISO but for it. */
export type Header = 'iso' | 'ansi' | 'ansi-long' | 'ansi-dialect';

/** Writes a finger minutiae record (ISO/IEC 19794-2:2005 clause 7), apart from the addon's own writer. */
export function writeRecord(fields: RecordFields): Uint8Array {
  return writeViews('iso', { equipment: 0, ...fields }, [fields]);
}

/** Writes a record of several views by either standard (ANSI INCITS 378-2004 clause 6). */
export function writeViews(header: Header, image: ImageFields, views: readonly ViewFields[]): Uint8Array {
  const body = Buffer.concat([
    numbers(2, [image.equipment ?? 0x00b5, image.widthPx, image.heightPx, image.xResolution, image.yResolution]),
    Uint8Array.of(views.length, 0),
    ...views.map(writeView),
  ]);
  const version = header === 'ansi-dialect' ? '020' : ' 20';
  const product = header === 'iso' ? Buffer.alloc(0) : numbers(2, [0x0042, 0x0011]);
  const lengthBytes = header === 'iso' ? 4 : header === 'ansi-long' ? 6 : 2;
  const total = 8 + lengthBytes + product.length + body.length;
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(header === 'ansi-dialect' ? total - 2 : total, 0, lengthBytes);
  return new Uint8Array(Buffer.concat([Buffer.from(`FMR\0${version}\0`, 'latin1'), length, product, body]));
}

function writeView(view: ViewFields): Buffer {
  const { position, number = 0, impression = 0, quality, minutiae, extended } = view;
  return Buffer.concat([
    Uint8Array.of(position, (number << 4) | impression, quality, minutiae.length),
    ...minutiae.map((minutia) =>
      Buffer.concat([
        numbers(2, [(minutia.kind << 14) | minutia.x, minutia.y]),
        Uint8Array.of(minutia.angle, minutia.quality),
      ]),
    ),
    numbers(2, [extended.length]),
    extended,
  ]);
}

function numbers(bytes: number, values: readonly number[]): Buffer {
  const out = Buffer.alloc(bytes * values.length);
  for (const [i, value] of values.entries()) out.writeUIntBE(value, i * bytes, bytes);
  return out;
}
