import * as z from 'zod';

const Shape = z.array(z.int().positive());
const Strings = z.object({ list: z.object({ s: z.array(z.string()).default([]) }) });
const Integers = z.object({ list: z.object({ i: z.array(z.coerce.number()).default([]) }) });

const Node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z
    .object({
      shape: z.object({ shape: z.object({ dim: z.array(z.object({ size: z.coerce.number() })) }) }),
      strides: Integers,
      dilations: Integers,
      ksize: Integers,
      padding: z.object({ s: z.string() }),
      fused_ops: Strings,
    })
    .partial()
    .default({}),
});
const Weight = z.object({
  name: z.string(),
  shape: Shape,
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
});
const Document = z.object({
  modelTopology: z.object({ node: z.array(Node) }),
  weightsManifest: z.array(z.object({ weights: z.array(Weight) })).length(1),
});

/** A node of a TensorFlow graph with the attributes that face networks use. */
export type TfjsNode = z.infer<typeof Node>;

/** A constant of a TensorFlow graph. */
export interface TfjsWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A TensorFlow.js graph model: its nodes and constants by name. */
export interface TfjsGraph {
  readonly nodes: ReadonlyMap<string, TfjsNode>;
  readonly weights: ReadonlyMap<string, TfjsWeight>;
}

/** Reads a TensorFlow.js graph model from its JSON and its one weight file. */
export function readTfjsGraph(json: Uint8Array, weightBytes: Uint8Array): TfjsGraph {
  const document = Document.parse(JSON.parse(new TextDecoder().decode(json)));
  const view = new DataView(weightBytes.buffer, weightBytes.byteOffset, weightBytes.byteLength);
  const weights = new Map<string, TfjsWeight>();
  let offset = 0;
  for (const weight of document.weightsManifest[0]?.weights ?? []) {
    const half = weight.quantization !== undefined;
    const values = new Float32Array(weight.shape.reduce((product, size) => product * size, 1));
    for (let index = 0; index < values.length; index++) {
      if (half) values[index] = view.getFloat16(offset + index * 2, true);
      else if (weight.dtype === 'float32') values[index] = view.getFloat32(offset + index * 4, true);
      else values[index] = view.getInt32(offset + index * 4, true);
    }
    offset += values.length * (half ? 2 : 4);
    weights.set(weight.name, { shape: weight.shape, values });
  }
  if (offset !== view.byteLength) throw new RangeError('weights do not fit their file');
  return { nodes: new Map(document.modelTopology.node.map((node) => [node.name, node])), weights };
}

/** Text of an attribute, which TensorFlow.js keeps in base 64. */
export function decodeText(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}
