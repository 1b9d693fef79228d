import { sha256 } from './sha256.ts';

/** A value whose bytes are told by size and SHA-256 only. */
export type Described<T> = T extends Uint8Array
  ? { bytes: number; sha256: string }
  : T extends readonly (infer E)[]
    ? Described<E>[]
    : T extends object
      ? { [K in keyof T]: Described<T[K]> }
      : T;

export function describe<T>(value: T): Described<T> {
  return described(value) as Described<T>;
}

function described(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return { bytes: value.length, sha256: sha256(value) };
  }
  if (Array.isArray(value)) return value.map(described);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, described(part)]));
}
