import type { DlibNetwork } from '../../models/convert/dlib-network.ts';
import { decodeText, type TfjsGraph, type TfjsNode } from '../../models/convert/tfjs-graph.ts';
import type { TfliteGraph, TfliteOperation } from '../../models/convert/tflite-graph.ts';
import { tfliteCode } from '../../models/convert/tflite-to-onnx.ts';

/** An image as [row][column][channel] in one array. */
export interface Volume {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly values: Float32Array;
}

interface Window {
  readonly size: number;
  readonly stride: number;
  /** Zeros before the first row and column. */
  readonly before: number;
  readonly outRows: number;
  readonly outColumns: number;
}

/** Runs a TensorFlow.js graph step by step in plain loops: slow, and independent of ONNX. */
export function runTfjsGraph({ nodes, weights }: TfjsGraph, input: Volume): (output: string) => Float32Array {
  const done = new Map<string, Volume>();
  const constant = (node: TfjsNode, index: number) => weights.get(name(node.input[index]))!;

  const run = (node: TfjsNode): Volume => {
    const first = () => valueOf(name(node.input[0]));
    switch (node.op) {
      case 'Placeholder':
        return input;
      case 'Identity':
      case 'Reshape':
        return first();
      case 'Relu':
        return relu(first());
      case 'Sigmoid':
        return map(first(), (value) => 1 / (1 + Math.exp(-value)));
      case 'Prelu':
        return slope(first(), constant(node, 1).values);
      case 'AddV2': {
        const other = valueOf(name(node.input[1]));
        return map(first(), (value, index) => value + other.values[index]!);
      }
      case 'Pad':
        return pad(first(), constant(node, 1).values);
      case 'MaxPool': {
        const window = windowOf(node, first(), node.attr.ksize!.list.i[1]!);
        return slide(first(), window, first().channels, (at, channel) =>
          Math.max(...at.map((from) => first().values[from + channel]!)),
        );
      }
      case 'DepthwiseConv2dNative':
        return depthwise(first(), windowOf(node, first(), constant(node, 1).shape[0]!), constant(node, 1).values);
      case '_FusedConv2D': {
        const { shape, values } = constant(node, 1);
        const [, activation] = node.attr.fused_ops!.list.s.map(decodeText);
        const convolved = convolve(first(), windowOf(node, first(), shape[0]!), values, constant(node, 2).values);
        if (activation === 'Relu') return relu(convolved);
        return activation === 'Prelu' ? slope(convolved, constant(node, 3).values) : convolved;
      }
      default:
        throw new RangeError(node.op);
    }
  };
  const valueOf = (reference: string): Volume => {
    const value = done.get(reference) ?? run(nodes.get(reference)!);
    done.set(reference, value);
    return value;
  };
  return (output) => valueOf(output).values;
}

/** Runs a TensorFlow Lite graph operation by operation in plain loops, on one image. */
export function runTfliteGraph({ tensors, operations, inputs, outputs }: TfliteGraph, input: Volume): Float32Array {
  const done = new Map<number, Volume>([[inputs[0]!, input]]);
  const valueOf = (index: number): Volume =>
    done.get(index) ?? {
      rows: 1,
      columns: 1,
      channels: tensors[index]!.values!.length,
      values: tensors[index]!.values!,
    };
  /** Where one side is a number for each channel, it counts for every pixel. */
  const pairwise = ([one = -1, other = -1]: readonly number[], combine: (a: number, b: number) => number): Volume => {
    const [a, b] = [valueOf(one), valueOf(other)];
    const whole = a.values.length >= b.values.length ? a : b;
    const at = ({ values, channels }: Volume, index: number) =>
      values[values.length === channels ? index % channels : index]!;
    return { ...whole, values: whole.values.map((_, index) => combine(at(a, index), at(b, index))) };
  };
  const slideOver = ({ code, inputs: [from = -1, kernelAt = -1, biasAt = -1], option }: TfliteOperation): Volume => {
    const source = valueOf(from);
    const { shape, values } = tensors[kernelAt]!;
    const [size, stride] = [shape[1]!, option(1, 4)];
    const out = (side: number) => Math.ceil((option(0, 1) === 0 ? side : side - size + 1) / stride);
    const total = option(0, 1) === 0 ? Math.max(0, (out(source.rows) - 1) * stride + size - source.rows) : 0;
    const [outRows, outColumns] = [out(source.rows), out(source.columns)];
    const window = { size, stride, before: Math.floor(total / 2), outRows, outColumns };
    const biases = tensors[biasAt]!.values!;
    if (code === tfliteCode.depthwise) {
      const bare = depthwise(source, window, values!);
      return map(bare, (value, index) => value + biases[index % biases.length]!);
    }
    // From [filter][place][channel] to [place][channel][filter].
    const kernel = Float32Array.from(values!, (_, index) => {
      const [filters, inner] = [biases.length, Math.floor(index / biases.length)];
      return values![(index % filters) * (values!.length / filters) + inner]!;
    });
    return convolve(source, window, kernel, biases);
  };
  const run = (operation: TfliteOperation): Volume => {
    const [first = -1] = operation.inputs;
    switch (operation.code) {
      case tfliteCode.convolution:
      case tfliteCode.depthwise:
        return slideOver(operation);
      case tfliteCode.add:
        return pairwise(operation.inputs, (a, b) => a + b);
      case tfliteCode.subtract:
        return pairwise(operation.inputs, (a, b) => a - b);
      case tfliteCode.multiply:
        return pairwise(operation.inputs, (a, b) => a * b);
      case tfliteCode.relu:
        return relu(valueOf(first));
      case tfliteCode.absolute:
        return map(valueOf(first), Math.abs);
      case tfliteCode.reshape:
        return valueOf(first);
      default:
        throw new RangeError(`operation ${operation.code}`);
    }
  };
  for (const operation of operations) done.set(operation.output, run(operation));
  return valueOf(outputs[0]!).values;
}

/** Runs dlib's face network step by step in plain loops: `levels` are its residual blocks, negative ones halve the size. */
export function runDlibNetwork(network: DlibNetwork, input: Volume, levels: readonly number[]): Float32Array {
  const convolutions = network.convolutions.values();
  const next = (volume: Volume): Volume => {
    const { filters, kernelPx: size, stride, padding: before, weights, biases } = convolutions.next().value!;
    // From [filter][channel][place] to [place][channel][filter].
    const kernel = new Float32Array(weights.length);
    const places = size * size;
    for (const [index, weight] of weights.entries()) {
      const channel = Math.floor(index / places) % volume.channels;
      const filter = Math.floor(index / places / volume.channels);
      kernel[((index % places) * volume.channels + channel) * filters + filter] = weight;
    }
    const out = (side: number) => Math.floor((side + 2 * before - size) / stride) + 1;
    const window = { size, stride, before, outRows: out(volume.rows), outColumns: out(volume.columns) };
    return convolve(volume, window, kernel, biases);
  };
  const pool = (volume: Volume, size: number, combine: (values: number[]) => number) => {
    const out = (side: number) => Math.floor((side - size) / 2) + 1;
    const window = { size, stride: 2, before: 0, outRows: out(volume.rows), outColumns: out(volume.columns) };
    return slide(volume, window, volume.channels, (at, channel) =>
      combine(at.map((from) => volume.values[from + channel]!)),
    );
  };

  let volume = pool(relu(next(input)), 3, (values) => Math.max(...values));
  for (const blocks of levels) {
    for (let block = 0; block < Math.abs(blocks); block++) {
      const deep = next(relu(next(volume)));
      volume = relu(sum(deep, blocks < 0 ? pool(volume, 2, mean) : volume));
    }
  }
  const { inputs, outputs, weights } = network.projection;
  const places = volume.values.length / inputs;
  const average = Float32Array.from({ length: inputs }, (_, channel) => {
    let total = 0;
    for (let place = 0; place < places; place++) total += volume.values[place * inputs + channel]!;
    return total / places;
  });
  return Float32Array.from({ length: outputs }, (_, output) =>
    average.reduce((total, value, index) => total + value * weights[index * outputs + output]!, 0),
  );
}

function windowOf(node: TfjsNode, { rows, columns }: Volume, size: number): Window {
  const stride = node.attr.strides!.list.i[1]!;
  const same = decodeText(node.attr.padding!.s) === 'SAME';
  const out = (side: number) => Math.ceil((same ? side : side - size + 1) / stride);
  const total = same ? Math.max(0, (out(rows) - 1) * stride + size - rows) : 0;
  return { size, stride, before: Math.floor(total / 2), outRows: out(rows), outColumns: out(columns) };
}

/** Computes each output from the offsets of the pixels under the window; -1 stands for one outside. */
function slide(
  source: Volume,
  window: Window,
  channels: number,
  value: (at: number[], channel: number) => number,
): Volume {
  const values = new Float32Array(window.outRows * window.outColumns * channels);
  let to = 0;
  for (let row = 0; row < window.outRows; row++) {
    for (let column = 0; column < window.outColumns; column++) {
      const at = offsets(source, window, row, column).filter((from) => from >= 0);
      for (let channel = 0; channel < channels; channel++) values[to++] = value(at, channel);
    }
  }
  return { rows: window.outRows, columns: window.outColumns, channels, values };
}

function offsets(
  { rows, columns, channels }: Volume,
  { size, stride, before }: Window,
  row: number,
  column: number,
): number[] {
  const at: number[] = [];
  for (let y = row * stride - before; y < row * stride - before + size; y++) {
    for (let x = column * stride - before; x < column * stride - before + size; x++) {
      at.push(y >= 0 && x >= 0 && y < rows && x < columns ? (y * columns + x) * channels : -1);
    }
  }
  return at;
}

/** The kernel is [place][channel][filter]. */
function convolve(source: Volume, window: Window, kernel: Float32Array, biases: Float32Array): Volume {
  const { channels } = source;
  const filters = biases.length;
  const values = new Float32Array(window.outRows * window.outColumns * filters);
  const sums = new Float64Array(filters);
  let to = 0;
  for (let row = 0; row < window.outRows; row++) {
    for (let column = 0; column < window.outColumns; column++) {
      sums.set(biases);
      for (const [place, from] of offsets(source, window, row, column).entries()) {
        if (from < 0) continue;
        for (let channel = 0; channel < channels; channel++) {
          const value = source.values[from + channel]!;
          const weights = (place * channels + channel) * filters;
          for (let filter = 0; filter < filters; filter++) sums[filter]! += value * kernel[weights + filter]!;
        }
      }
      values.set(sums, to);
      to += filters;
    }
  }
  return { rows: window.outRows, columns: window.outColumns, channels: filters, values };
}

function depthwise(source: Volume, window: Window, kernel: Float32Array): Volume {
  const { channels } = source;
  const values = new Float32Array(window.outRows * window.outColumns * channels);
  let to = 0;
  for (let row = 0; row < window.outRows; row++) {
    for (let column = 0; column < window.outColumns; column++, to += channels) {
      for (const [place, from] of offsets(source, window, row, column).entries()) {
        if (from < 0) continue;
        for (let channel = 0; channel < channels; channel++) {
          values[to + channel]! += source.values[from + channel]! * kernel[place * channels + channel]!;
        }
      }
    }
  }
  return { rows: window.outRows, columns: window.outColumns, channels, values };
}

function slope(volume: Volume, slopes: Float32Array): Volume {
  return map(volume, (value, index) => (value < 0 ? value * slopes[index % slopes.length]! : value));
}

/** `pads` holds before and after for batch, rows, columns and channels. */
function pad(source: Volume, pads: Float32Array): Volume {
  const rows = source.rows + pads[2]! + pads[3]!;
  const columns = source.columns + pads[4]! + pads[5]!;
  const channels = source.channels + pads[6]! + pads[7]!;
  const padded = { rows, columns, channels, values: new Float32Array(rows * columns * channels) };
  for (let row = 0; row < source.rows; row++) {
    for (let column = 0; column < source.columns; column++) {
      const from = (row * source.columns + column) * source.channels;
      const to = ((row + pads[2]!) * columns + column + pads[4]!) * channels + pads[6]!;
      padded.values.set(source.values.subarray(from, from + source.channels), to);
    }
  }
  return padded;
}

/** The smaller volume counts as filled up with zeros. */
function sum(one: Volume, other: Volume): Volume {
  const grow = (volume: Volume) =>
    pad(
      volume,
      Float32Array.of(
        0,
        0,
        0,
        Math.max(one.rows, other.rows) - volume.rows,
        0,
        Math.max(one.columns, other.columns) - volume.columns,
        0,
        Math.max(one.channels, other.channels) - volume.channels,
      ),
    );
  const added = grow(other).values;
  return map(grow(one), (value, index) => value + added[index]!);
}

function map(volume: Volume, change: (value: number, index: number) => number): Volume {
  return { ...volume, values: volume.values.map(change) };
}

function relu(volume: Volume): Volume {
  return map(volume, (value) => Math.max(value, 0));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function name(reference = ''): string {
  return reference.replace(/:0$/, '');
}
