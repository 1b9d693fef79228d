import { type Attribute, OnnxGraph } from './onnx.ts';
import { decodeText, type TfjsGraph, type TfjsNode, type TfjsWeight } from './tfjs-graph.ts';

/** A value of the graph being written. TensorFlow's channels-last order is made only where a reshape depends on it. */
interface Value {
  readonly name: string;
  /** Absent while the value is an image with its channels first. */
  readonly shape?: readonly number[];
}

/**
 * Converts a TensorFlow.js graph to ONNX, images channels first with a batch of one. `outputs` names the graph's
 * nodes that become the model's outputs; what they do not depend on is left out.
 */
export function convertTfjsGraph(
  name: string,
  source: TfjsGraph,
  outputs: Readonly<Record<string, string>>,
): Uint8Array {
  const graph = new OnnxGraph(name);
  const done = new Map<string, Value>();

  const valueOf = (reference: string): Value => {
    const known = done.get(reference);
    if (known) return known;
    const node = source.nodes.get(reference);
    if (!node) throw new RangeError(`no node ${reference}`);
    const value = convert(node);
    done.set(reference, value);
    return value;
  };
  const first = (node: TfjsNode): Value => valueOf(inputName(node, 0));
  const weight = (node: TfjsNode, index: number): TfjsWeight => {
    const found = source.weights.get(inputName(node, index));
    if (!found) throw new RangeError(`input ${index} of ${node.name} is not constant`);
    return found;
  };
  const like = (value: Value, written: string): Value => ({ ...value, name: written });

  function convert(node: TfjsNode): Value {
    switch (node.op) {
      case 'Placeholder':
        return placeholder(node);
      case 'Identity':
        return first(node);
      case 'Relu':
      case 'Sigmoid':
        return like(first(node), graph.add(node.op, [first(node).name]));
      case 'AddV2':
        return like(first(node), graph.add('Add', [first(node).name, valueOf(inputName(node, 1)).name]));
      case 'Prelu':
        return like(first(node), prelu(first(node).name, node, 1));
      case '_FusedConv2D':
      case 'DepthwiseConv2dNative':
        return like(first(node), convolution(node));
      case 'MaxPool':
        return like(first(node), graph.add('MaxPool', [first(node).name], { ...window(node), ...padding(node) }));
      case 'Pad':
        return like(
          first(node),
          graph.add('Pad', [first(node).name, graph.integers(channelsFirstPads(weight(node, 1)))]),
        );
      case 'Reshape':
        return reshape(node);
      default:
        throw new RangeError(`operation ${node.op} is not known`);
    }
  }

  function placeholder(node: TfjsNode): Value {
    const [, height = 0, width = 0, channels = 0] = node.attr.shape?.shape.dim.map(({ size }) => size) ?? [];
    return { name: graph.input('input', [1, channels, height, width]) };
  }

  function reshape(node: TfjsNode): Value {
    const value = first(node);
    const shape = Array.from(weight(node, 1).values, (size) => Math.abs(size));
    if (value.shape) throw new RangeError(`${node.name} reshapes twice`);
    const channelsLast = graph.add('Transpose', [value.name], { perm: [0, 2, 3, 1] });
    return { name: graph.add('Reshape', [channelsLast, graph.integers(shape)]), shape };
  }

  function prelu(value: string, node: TfjsNode, index: number): string {
    const { values } = weight(node, index);
    const slope = graph.constant(inputName(node, index), [values.length, 1, 1], values);
    return graph.add('PRelu', [value, slope]);
  }

  function convolution(node: TfjsNode): string {
    const depthwise = node.op === 'DepthwiseConv2dNative';
    const { shape, values } = channelsFirstKernel(weight(node, 1), depthwise);
    const inputs = [first(node).name, graph.constant(inputName(node, 1), shape, values)];
    const fused = node.attr.fused_ops?.list.s.map(decodeText) ?? [];
    if (fused[0] === 'BiasAdd') {
      const bias = weight(node, 2).values;
      inputs.push(graph.constant(inputName(node, 2), [bias.length], bias));
    }
    const output = graph.add('Conv', inputs, {
      kernel_shape: shape.slice(2),
      strides: spatial(node.attr.strides?.list.i),
      dilations: spatial(node.attr.dilations?.list.i),
      group: depthwise ? (shape[0] ?? 1) : 1,
      ...padding(node),
    });
    const activation = fused[1];
    if (activation === undefined) return output;
    if (activation === 'Relu') return graph.add('Relu', [output]);
    if (activation === 'Prelu') return prelu(output, node, 3);
    throw new RangeError(`activation ${activation} is not known`);
  }

  for (const [output, reference] of Object.entries(outputs)) {
    const value = valueOf(reference);
    // What is no list of numbers yet is one pixel, so its order does not matter.
    if (value.shape) graph.output(output, value.name, value.shape);
    else graph.output(output, graph.add('Flatten', [value.name], { axis: 1 }), [1, `${output} values`]);
  }
  return graph.finish();
}

function inputName(node: TfjsNode, index: number): string {
  const reference = node.input[index];
  if (reference === undefined) throw new RangeError(`${node.name} has no input ${index}`);
  return reference.replace(/:0$/, '');
}

function spatial(sizes: readonly number[] = [1, 1, 1, 1]): number[] {
  return sizes.slice(1, 3);
}

function window(node: TfjsNode): Record<string, Attribute> {
  return { kernel_shape: spatial(node.attr.ksize?.list.i), strides: spatial(node.attr.strides?.list.i) };
}

function padding(node: TfjsNode): Record<string, Attribute> {
  const kind = decodeText(node.attr.padding?.s ?? '');
  if (kind !== 'SAME' && kind !== 'VALID') throw new RangeError(`padding ${kind} is not known`);
  return { auto_pad: kind === 'SAME' ? 'SAME_UPPER' : 'VALID' };
}

/** TensorFlow pads [before, after] for each of batch, height, width, channels; ONNX lists all befores, then all afters. */
function channelsFirstPads({ values }: TfjsWeight): number[] {
  const axes = [0, 3, 1, 2];
  return [...axes.map((axis) => values[axis * 2] ?? 0), ...axes.map((axis) => values[axis * 2 + 1] ?? 0)];
}

/** Kernels from [height, width, in, out] to [out, in, height, width]; depthwise ones to [in * multiplier, 1, height, width]. */
function channelsFirstKernel(kernel: TfjsWeight, depthwise: boolean): { shape: number[]; values: Float32Array } {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = kernel.shape;
  const shape = depthwise ? [inputs * outputs, 1, height, width] : [outputs, inputs, height, width];
  const values = new Float32Array(kernel.values.length);
  let from = 0;
  for (let place = 0; place < height * width; place++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        const row = depthwise ? input * outputs + output : output * inputs + input;
        values[row * height * width + place] = kernel.values[from++] ?? 0;
      }
    }
  }
  return { shape, values };
}
