import type { FaceTemplate } from './biometrics.ts';

const longest = 4096;
/** How far from unit length a template may be before it is taken for damaged. */
const tolerance = 0.01;

/** The bytes a face template is stored and sent as: its values as little-endian float32, nothing else. */
export function encodeFaceTemplate({ values }: FaceTemplate): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true);
  return bytes;
}

/** Reads what encodeFaceTemplate wrote. Undefined when the bytes are no vector of unit length with 1 to 4096 values. */
export function decodeFaceTemplate(model: string, version: string, bytes: Uint8Array): FaceTemplate | undefined {
  const count = bytes.length / 4;
  if (!Number.isInteger(count) || count < 1 || count > longest) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: count }, (_, index) => view.getFloat32(index * 4, true));
  const length = Math.hypot(...values);
  return Math.abs(length - 1) <= tolerance ? { model, version, values } : undefined;
}
