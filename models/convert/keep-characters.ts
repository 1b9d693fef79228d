import { Fault } from '../../main/contract/fault.ts';
import { ProtobufWriter } from './protobuf.ts';
import { type Field, readFields } from './protobuf-reader.ts';

/** The numbers of fields in ONNX's messages (onnx.proto3). */
const numbers = {
  model: { graph: 7 },
  graph: { node: 1, output: 12 },
  node: { operation: 4, attribute: 5 },
  attribute: { tensor: 5 },
  tensor: { dimension: 1, raw: 9 },
} as const;
const floatBytes = 4;

/**
 * Cuts the last layer of PP-OCR's recogniser (ONNX) down to "nothing", which is its first class, and to the characters
 * given, in their order; the alphabet has a line for each class but the first and the last. What is kept is kept bit by
 * bit, and the network's softmax becomes one over what is kept. Fault: `model.altered` for a network that has no such
 * layer or a character it does not know.
 */
export function keepCharacters(network: Uint8Array, alphabet: Uint8Array, characters: string): Uint8Array {
  const keys = new TextDecoder().decode(alphabet).trimEnd().split('\n');
  const classes = keys.length + 2;
  const kept = [0, ...Array.from(characters, (character) => keys.indexOf(character) + 1)];
  if (kept.includes(0, 1)) throw new Fault('model.altered', 'a character that the network does not know');
  let cut = 0;
  const cutTensor = (tensor: Field): Uint8Array => {
    const parts = readFields(bytesOf(tensor));
    const shape = parts.filter(({ field }) => field === numbers.tensor.dimension).map(({ value }) => Number(value));
    if (shape.at(-1) !== classes) return tensor.whole;
    cut++;
    return rewrite(tensor, (part) => {
      if (part.field === numbers.tensor.raw) return enclose(part, keepColumns(bytesOf(part), classes, kept));
      const isCount = part.field === numbers.tensor.dimension && Number(part.value) === classes;
      return isCount ? new ProtobufWriter().integer(part.field, kept.length).finish() : part.whole;
    });
  };
  const cutNode = (node: Field): Uint8Array => {
    const isConstant = readFields(bytesOf(node)).some(
      ({ field, value }) => field === numbers.node.operation && text(value) === 'Constant',
    );
    if (!isConstant) return node.whole;
    return rewriteOnly(node, numbers.node.attribute, (attribute) =>
      rewriteOnly(attribute, numbers.attribute.tensor, cutTensor),
    );
  };
  const cutGraph = (part: Field): Uint8Array => {
    if (part.field === numbers.graph.node) return cutNode(part);
    // Of the output its name is enough; the shape told beside it would be wrong.
    return part.field === numbers.graph.output ? enclose(part, readFields(bytesOf(part))[0]!.whole) : part.whole;
  };
  const model = readFields(network).map((part) =>
    part.field === numbers.model.graph ? rewrite(part, cutGraph) : part.whole,
  );
  // The layer's weights and its bias.
  if (cut !== 2) throw new Fault('model.altered', `${cut} tensors of ${classes} classes`);
  return Buffer.concat(model);
}

/** Some columns of a matrix of floats that has its rows one after another. */
function keepColumns(matrix: Uint8Array, columns: number, kept: readonly number[]): Uint8Array {
  const rows = matrix.length / floatBytes / columns;
  const smaller = Array.from({ length: rows }, (_, row) =>
    kept.map((column) => {
      const at = (row * columns + column) * floatBytes;
      return matrix.subarray(at, at + floatBytes);
    }),
  );
  return Buffer.concat(smaller.flat());
}

/** A message whose parts are made anew. */
function rewrite(message: Field, change: (part: Field) => Uint8Array): Uint8Array {
  return enclose(message, Buffer.concat(readFields(bytesOf(message)).map(change)));
}

function rewriteOnly(message: Field, number: number, change: (part: Field) => Uint8Array): Uint8Array {
  return rewrite(message, (part) => (part.field === number ? change(part) : part.whole));
}

function enclose({ field }: Field, content: Uint8Array): Uint8Array {
  return new ProtobufWriter().bytes(field, content).finish();
}

function bytesOf({ value }: Field): Uint8Array {
  if (typeof value === 'bigint') throw new Fault('model.altered', 'a number where a message was due');
  return value;
}

function text(value: Field['value']): string {
  return typeof value === 'bigint' ? '' : new TextDecoder().decode(value);
}
