/** A learned convolution of a dlib network with the affine layer that follows it folded in. */
export interface DlibConvolution {
  readonly filters: number;
  readonly kernelPx: number;
  readonly stride: number;
  readonly padding: number;
  /** [filter, channel, row, column]. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** What a dlib metric network has learned: its convolutions in forward order, and the last layer as [in, out]. */
export interface DlibNetwork {
  readonly convolutions: readonly DlibConvolution[];
  readonly projection: { readonly inputs: number; readonly outputs: number; readonly weights: Float32Array };
}

/** Reads dlib's serialisation: integers are a size byte and little-endian bytes, texts and tensors carry their sizes. */
class DlibReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  integer(): number {
    const head = this.#view.getUint8(this.offset++);
    let value = 0;
    for (let index = (head & 15) - 1; index >= 0; index--)
      value = value * 256 + this.#view.getUint8(this.offset + index);
    this.offset += head & 15;
    return head & 128 ? -value : value;
  }

  tensor(): Float32Array {
    if (this.integer() !== 2) throw new RangeError('a tensor of another version');
    const length = this.integer() * this.integer() * this.integer() * this.integer();
    const values = new Float32Array(length);
    for (let index = 0; index < length; index++) values[index] = this.#view.getFloat32(this.offset + index * 4, true);
    this.offset += length * 4;
    return values;
  }

  /** Moves past the next layer of one of these kinds; null after the last. */
  nextLayer(kinds: readonly string[]): string | null {
    for (; this.offset < this.#bytes.length - 2; this.offset++) {
      if (this.#bytes[this.offset] !== 1) continue;
      const kind = kinds.find((text) => this.#isText(this.offset + 1, text));
      if (kind === undefined) continue;
      this.offset += 2 + kind.length;
      return kind;
    }
    return null;
  }

  #isText(at: number, text: string): boolean {
    if (this.#bytes[at] !== text.length) return false;
    return Buffer.from(this.#bytes.subarray(at + 1, at + 1 + text.length)).toString('latin1') === text;
  }
}

/** Reads the convolutions, affine layers and the projection of a dlib network file (dlib 19, `con_4`, `affine_`, `fc_2`). */
export function readDlibNetwork(bytes: Uint8Array): DlibNetwork {
  const reader = new DlibReader(bytes);
  const convolutions: DlibConvolution[] = [];
  let open: DlibConvolution | undefined;
  for (;;) {
    const kind = reader.nextLayer(['con_4', 'affine_', 'fc_2']);
    if (kind === null) throw new RangeError('the network has no projection');
    if (kind === 'con_4') {
      open = readConvolution(reader);
    } else if (kind === 'affine_') {
      if (!open) throw new RangeError('an affine layer follows no convolution');
      convolutions.push(fold(open, reader.tensor()));
      open = undefined;
    } else {
      const outputs = reader.integer();
      const inputs = reader.integer();
      return { convolutions, projection: { inputs, outputs, weights: reader.tensor() } };
    }
  }
}

function readConvolution(reader: DlibReader): DlibConvolution {
  const values = reader.tensor();
  const filters = reader.integer();
  const kernelPx = reader.integer();
  reader.integer();
  const stride = reader.integer();
  reader.integer();
  const padding = reader.integer();
  reader.integer();
  const split = values.length - filters;
  return { filters, kernelPx, stride, padding, weights: values.subarray(0, split), biases: values.subarray(split) };
}

/** gamma * (w * x + b) + beta = (gamma * w) * x + (gamma * b + beta). */
function fold(convolution: DlibConvolution, affine: Float32Array): DlibConvolution {
  const { filters } = convolution;
  const size = convolution.weights.length / filters;
  const gamma = (filter: number) => affine[filter] ?? 0;
  const weights = convolution.weights.map((weight, index) => weight * gamma(Math.floor(index / size)));
  const biases = convolution.biases.map((bias, filter) => bias * gamma(filter) + (affine[filters + filter] ?? 0));
  return { ...convolution, weights, biases };
}
