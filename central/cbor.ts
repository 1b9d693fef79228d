import { decodeFirst, Tokenizer } from 'cborg';
import { Fault } from '../main/contract/fault.ts';

/** Counts what a document is made of: a few bytes of CBOR can stand for millions of objects. */
class BoundedTokenizer extends Tokenizer {
  #left: number;

  constructor(data: Uint8Array, maxTokens: number) {
    super(data, options);
    this.#left = maxTokens;
  }

  override next(): ReturnType<Tokenizer['next']> {
    if (--this.#left < 0) throw new Fault('contract.breach', 'too many parts');
    return super.next();
  }
}

const options = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
};

/** Decodes one canonical CBOR document (RFC 8949, section 4.2) of at most so many tokens. Fault: `contract.breach`. */
export function decodeCbor(bytes: Uint8Array, maxTokens: number): unknown {
  const { value, lengthBytes } = decodePadded(bytes, maxTokens);
  if (lengthBytes !== bytes.length) throw new Fault('contract.breach', 'more than canonical CBOR');
  return value;
}

/** The same with zeros behind it, or none, and how long it is without them. Fault: `contract.breach`. */
export function decodePadded(bytes: Uint8Array, maxTokens: number): { value: unknown; lengthBytes: number } {
  const [value, rest] = decodeHead(bytes, maxTokens);
  if (rest.some((byte) => byte !== 0)) throw new Fault('contract.breach', 'more than canonical CBOR');
  return { value, lengthBytes: bytes.length - rest.length };
}

function decodeHead(bytes: Uint8Array, maxTokens: number): [unknown, Uint8Array] {
  try {
    return decodeFirst(bytes, { ...options, tokenizer: new BoundedTokenizer(bytes, maxTokens) });
  } catch (cause) {
    // Its message may quote what was being read.
    throw new Fault('contract.breach', 'not canonical CBOR', { cause: (cause as Error).name });
  }
}
