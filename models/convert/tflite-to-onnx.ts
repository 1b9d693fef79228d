import { OnnxGraph } from './onnx.ts';
import type { TfliteGraph, TfliteOperation, TfliteTensor } from './tflite-graph.ts';

/** The operations met in face networks, by their codes in TensorFlow Lite's schema. */
export const tfliteCode = {
  add: 0,
  convolution: 3,
  depthwise: 4,
  multiply: 18,
  relu: 19,
  reshape: 22,
  subtract: 41,
  absolute: 101,
} as const;

const elementwise: Readonly<Record<number, string>> = {
  [tfliteCode.add]: 'Add',
  [tfliteCode.multiply]: 'Mul',
  [tfliteCode.relu]: 'Relu',
  [tfliteCode.subtract]: 'Sub',
  [tfliteCode.absolute]: 'Abs',
};

/**
 * Converts a TensorFlow Lite network of one image input and one vector output to ONNX: images channels first, any
 * number of them at once. Throws `RangeError` for an operation it does not know.
 */
export function convertTfliteGraph(name: string, source: TfliteGraph, output: string): Uint8Array {
  const graph = new OnnxGraph(name);
  const names = new Map<number, string>();
  const tensor = (index: number | undefined): TfliteTensor => {
    const found = index === undefined ? undefined : source.tensors[index];
    if (!found) throw new RangeError('no such tensor');
    return found;
  };

  /** A value computed before, or a constant with one number for each channel. */
  const valueOf = (index: number): string => {
    const known = names.get(index);
    if (known !== undefined) return known;
    const { shape, values } = tensor(index);
    if (!values || shape.length !== 1) throw new RangeError(`tensor ${index} is neither a value nor one per channel`);
    return graph.constant(`tensor_${index}`, [values.length, 1, 1], values);
  };

  function convolution({ code, inputs, option }: TfliteOperation): string {
    const [from = -1, kernelAt, biasAt] = inputs;
    const kernel = channelsFirst(tensor(kernelAt), code === tfliteCode.depthwise);
    const biases = tensor(biasAt).values;
    if (!biases || option(code === tfliteCode.depthwise ? 4 : 3, 1) !== 0)
      throw new RangeError('a convolution unlike known');
    const weights = graph.constant(`tensor_${kernelAt}`, kernel.shape, kernel.values);
    const bias = graph.constant(`tensor_${biasAt}`, [biases.length], biases);
    return graph.add('Conv', [valueOf(from), weights, bias], {
      kernel_shape: kernel.shape.slice(2),
      strides: [option(2, 4), option(1, 4)],
      group: code === tfliteCode.depthwise ? biases.length : 1,
      auto_pad: option(0, 1) === 0 ? 'SAME_UPPER' : 'VALID',
    });
  }

  function convert(operation: TfliteOperation): string {
    const { code, inputs } = operation;
    if (code === tfliteCode.convolution || code === tfliteCode.depthwise) return convolution(operation);
    // The last layer is one pixel, so its order does not matter.
    if (code === tfliteCode.reshape) return graph.add('Flatten', [valueOf(inputs[0] ?? -1)], { axis: 1 });
    const kind = elementwise[code];
    if (kind === undefined) throw new RangeError(`operation ${code} is not known`);
    return graph.add(kind, inputs.map(valueOf));
  }

  const [input = -1, secondInput] = source.inputs;
  const [result = -1] = source.outputs;
  const [, heightPx = 0, widthPx = 0, channels = 0] = tensor(input).shape;
  if (secondInput !== undefined) throw new RangeError('more than one input');
  names.set(input, graph.input('input', ['N', channels, heightPx, widthPx]));
  for (const operation of source.operations) names.set(operation.output, convert(operation));
  graph.output(output, valueOf(result), ['N', tensor(result).shape.at(-1) ?? 0]);
  return graph.finish();
}

/** Kernels from [out, height, width, in] to [out, in, height, width]; depthwise ones from [1, height, width, out]. */
function channelsFirst({ shape, values }: TfliteTensor, depthwise: boolean): { shape: number[]; values: Float32Array } {
  const [first = 0, height = 0, width = 0, last = 0] = shape;
  if (!values) throw new RangeError('a kernel that is not constant');
  const [outputs, inputs] = depthwise ? [last, 1] : [first, last];
  const places = height * width;
  const moved = new Float32Array(values.length);
  for (let output = 0, to = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < places; place++, to++) {
        moved[to] = values[depthwise ? place * outputs + output : (output * places + place) * inputs + input] ?? 0;
      }
    }
  }
  return { shape: [outputs, inputs, height, width], values: moved };
}
