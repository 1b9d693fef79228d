import { ProtobufWriter } from './protobuf.ts';

/** A node's attribute: an integer, a list of integers, or text. */
export type Attribute = number | readonly number[] | string;

const irVersion = 8;
const opset = 17;
const attributeTypes = { integer: 2, text: 3, integers: 7 };

/** Builds an ONNX model (IR version 8, opset 17) node by node; the same calls give the same bytes. */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: ProtobufWriter[] = [];
  readonly #constants = new Map<string, ProtobufWriter>();
  readonly #inputs: ProtobufWriter[] = [];
  readonly #outputs: ProtobufWriter[] = [];
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares a float input; a named size is left open. */
  input(name: string, shape: readonly (number | string)[]): string {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Adds a constant tensor once under its name. */
  constant(name: string, shape: readonly number[], values: Float32Array | BigInt64Array): string {
    if (!this.#constants.has(name)) this.#constants.set(name, tensor(name, shape, values));
    return name;
  }

  /** Adds a constant list of 64-bit integers, as Reshape and Pad take. */
  integers(values: readonly number[]): string {
    return this.constant(`integers:${values.join()}`, [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** Adds a node with one output and gives the output's name. */
  add(operation: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const output = `${operation}_${this.#count++}`;
    const node = new ProtobufWriter();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, operation);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.push(node);
    return output;
  }

  /** Makes a value an output of the model under a name of its own. */
  output(name: string, value: string, shape: readonly (number | string)[]): void {
    this.#nodes.push(new ProtobufWriter().text(1, value).text(2, name).text(3, name).text(4, 'Identity'));
    this.#outputs.push(valueInfo(name, shape));
  }

  /** The model's bytes. */
  finish(): Uint8Array {
    const graph = new ProtobufWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, this.#name);
    for (const constant of this.#constants.values()) graph.message(5, constant);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    const operators = new ProtobufWriter().text(1, '').integer(2, opset);
    return new ProtobufWriter().integer(1, irVersion).text(2, 'limen').message(7, graph).message(8, operators).finish();
  }
}

function attribute(name: string, value: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return writer.integer(3, value).integer(20, attributeTypes.integer);
  if (typeof value === 'string') return writer.text(4, value).integer(20, attributeTypes.text);
  for (const item of value) writer.integer(8, item);
  return writer.integer(20, attributeTypes.integers);
}

function tensor(name: string, shape: readonly number[], values: Float32Array | BigInt64Array): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const size of shape) writer.integer(1, size);
  const dataType = values instanceof Float32Array ? 1 : 7;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return writer.integer(2, dataType).text(8, name).bytes(9, bytes);
}

function valueInfo(name: string, shape: readonly (number | string)[]): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size));
  }
  const tensorType = new ProtobufWriter().integer(1, 1).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}
