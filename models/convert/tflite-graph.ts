/** A tensor of a TensorFlow Lite graph; constant ones have their values. */
export interface TfliteTensor {
  readonly shape: readonly number[];
  readonly values?: Float32Array;
}

/** One operation: its code in TensorFlow Lite's schema, tensors by index, and its options by field number. */
export interface TfliteOperation {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly output: number;
  /** The integer, of 1 or 4 bytes, in a field of the options; 0 where it is left out. */
  readonly option: (field: number, bytes: 1 | 4) => number;
}

/** The first subgraph of a TensorFlow Lite model: operations in the order in which they run. */
export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly operations: readonly TfliteOperation[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A table of a FlatBuffer: fields are found through the offsets its virtual table gives, 0 where a field is left out. */
class Table {
  readonly #view: DataView;
  readonly #start: number;

  constructor(view: DataView, start: number) {
    this.#view = view;
    this.#start = start;
  }

  static root(view: DataView): Table {
    return new Table(view, view.getUint32(0, true));
  }

  /** Where a field lies; undefined where it is left out. */
  #place(field: number): number | undefined {
    const offsets = this.#start - this.#view.getInt32(this.#start, true);
    const slot = 4 + field * 2;
    const offset = slot < this.#view.getUint16(offsets, true) ? this.#view.getUint16(offsets + slot, true) : 0;
    return offset === 0 ? undefined : this.#start + offset;
  }

  integer(field: number, bytes: 1 | 4): number {
    const at = this.#place(field);
    if (at === undefined) return 0;
    return bytes === 1 ? this.#view.getInt8(at) : this.#view.getInt32(at, true);
  }

  table(field: number): Table | undefined {
    const at = this.#place(field);
    return at === undefined ? undefined : new Table(this.#view, at + this.#view.getUint32(at, true));
  }

  /** Start and length of a vector's items; empty where the field is left out. */
  #vector(field: number): { first: number; length: number } {
    const at = this.#place(field);
    if (at === undefined) return { first: 0, length: 0 };
    const start = at + this.#view.getUint32(at, true);
    return { first: start + 4, length: this.#view.getUint32(start, true) };
  }

  integers(field: number): number[] {
    const { first, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => this.#view.getInt32(first + index * 4, true));
  }

  bytes(field: number): DataView {
    const { first, length } = this.#vector(field);
    return new DataView(this.#view.buffer, this.#view.byteOffset + first, length);
  }

  tables(field: number): Table[] {
    const { first, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => {
      const at = first + index * 4;
      return new Table(this.#view, at + this.#view.getUint32(at, true));
    });
  }
}

/** Readers of constants by type in the schema: float32, float16 and int32; the others are not met in face networks. */
const elements: Readonly<Record<number, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  0: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  1: { bytes: 2, read: (view, at) => view.getFloat16(at, true) },
  2: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
};

/** Reads a TensorFlow Lite model (FlatBuffer of schema version 3). Throws `RangeError` for what it does not know. */
export function readTfliteGraph(bytes: Uint8Array): TfliteGraph {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(4, 8)).toString('latin1') !== 'TFL3') throw new RangeError('no TensorFlow Lite model');
  const model = Table.root(view);
  const codes = model.tables(1).map((code) => code.integer(0, 1) || code.integer(3, 4));
  const [graph] = model.tables(2);
  const buffers = model.tables(4);
  if (!graph) throw new RangeError('the model has no graph');
  return {
    tensors: graph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
    operations: graph.tables(3).map((operation) => {
      const code = codes[operation.integer(0, 4)];
      const [output, second] = operation.integers(2);
      if (code === undefined || output === undefined || second !== undefined) throw new RangeError('operation');
      const options = operation.table(4);
      return {
        code,
        inputs: operation.integers(1),
        output,
        option: (field, size) => options?.integer(field, size) ?? 0,
      };
    }),
  };
}

function readTensor(tensor: Table, buffers: readonly Table[]): TfliteTensor {
  const shape = tensor.integers(0);
  const data = buffers[tensor.integer(2, 4)]?.bytes(0);
  if (!data || data.byteLength === 0) return { shape };
  const element = elements[tensor.integer(1, 1)];
  const length = shape.reduce((product, size) => product * size, 1);
  if (!element || data.byteLength !== length * element.bytes) throw new RangeError('constants do not fit their shape');
  return { shape, values: Float32Array.from({ length }, (_, index) => element.read(data, index * element.bytes)) };
}
