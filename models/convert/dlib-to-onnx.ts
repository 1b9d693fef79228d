import type { DlibNetwork } from './dlib-network.ts';
import { OnnxGraph } from './onnx.ts';

/** A value with its size, which the residual sums need. */
interface Value {
  readonly name: string;
  readonly channels: number;
  readonly sidePx: number;
}

/** Residual blocks of dlib's face recognition network, level by level: a level with `down` begins by halving its size. */
const levels = [
  { blocks: 3, down: false },
  { blocks: 3, down: true },
  { blocks: 2, down: true },
  { blocks: 2, down: true },
  { blocks: 0, down: true },
];

/** Converts dlib's 29-convolution residual face network to ONNX: input [N, 3, side, side], output `embedding` [N, outputs]. */
export function convertDlibNetwork(name: string, source: DlibNetwork, sidePx: number): Uint8Array {
  const graph = new OnnxGraph(name);
  const remaining = source.convolutions.entries();

  const relu = (value: Value): Value => ({ ...value, name: graph.add('Relu', [value.name]) });

  function convolve(value: Value): Value {
    const next = remaining.next().value;
    if (!next) throw new RangeError('the network has too few convolutions');
    const [index, { filters, kernelPx, stride, padding, weights, biases }] = next;
    const shape = [filters, value.channels, kernelPx, kernelPx];
    const kernel = graph.constant(`weights_${index}`, shape, weights);
    const bias = graph.constant(`biases_${index}`, [filters], biases);
    const name = graph.add('Conv', [value.name, kernel, bias], {
      kernel_shape: [kernelPx, kernelPx],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
    return { name, channels: filters, sidePx: Math.floor((value.sidePx + 2 * padding - kernelPx) / stride) + 1 };
  }

  /** dlib adds tensors of different sizes as if the smaller were filled up with zeros. */
  function fill(value: Value, channels: number, side: number): string {
    if (value.channels === channels && value.sidePx === side) return value.name;
    const more = side - value.sidePx;
    const pads = graph.integers([0, 0, 0, 0, 0, channels - value.channels, more, more]);
    return graph.add('Pad', [value.name, pads]);
  }

  function sum(one: Value, other: Value): Value {
    const channels = Math.max(one.channels, other.channels);
    const side = Math.max(one.sidePx, other.sidePx);
    return { name: graph.add('Add', [fill(one, channels, side), fill(other, channels, side)]), channels, sidePx: side };
  }

  function halve(value: Value): Value {
    const name = graph.add('AveragePool', [value.name], { kernel_shape: [2, 2], strides: [2, 2] });
    return { ...value, name, sidePx: Math.floor(value.sidePx / 2) };
  }

  function residual(value: Value, down: boolean): Value {
    const deep = convolve(relu(convolve(value)));
    return relu(sum(deep, down ? halve(value) : value));
  }

  const input: Value = { name: graph.input('input', ['N', 3, sidePx, sidePx]), channels: 3, sidePx };
  let value = relu(convolve(input));
  const pooled = graph.add('MaxPool', [value.name], { kernel_shape: [3, 3], strides: [2, 2] });
  value = { ...value, name: pooled, sidePx: Math.floor((value.sidePx - 3) / 2) + 1 };
  for (const { blocks, down } of levels) {
    if (down) value = residual(value, true);
    for (let block = 0; block < blocks; block++) value = residual(value, false);
  }
  if (!remaining.next().done) throw new RangeError('the network has too many convolutions');

  const { inputs, outputs, weights } = source.projection;
  const average = graph.add('Flatten', [graph.add('GlobalAveragePool', [value.name])], { axis: 1 });
  const projection = graph.constant('projection', [inputs, outputs], weights);
  graph.output('embedding', graph.add('MatMul', [average, projection]), ['N', outputs]);
  return graph.finish();
}
