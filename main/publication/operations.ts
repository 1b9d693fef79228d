import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { Fault } from '../contract/fault.ts';
import { ListOperation } from '../contract/watchlist.ts';

// What a file of a list holds, once it is unpacked (zstd, RFC 8878): operations, each in CBOR behind its length in four bytes,
// in the order of their references in UTF-8, none twice. A whole list is what comes to be from nothing.

/** Bytes of one operation, at most: more than an alert at its largest. */
export const maxOperationBytes = 1024 * 1024;

const options = { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true };

/** The reference an operation is about. */
export function referenceOf(operation: ListOperation): string {
  return 'put' in operation ? operation.put.reference : operation.remove;
}

/** Whether one reference comes before another, in the order of files and of lists. */
export function comesBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}

/** An operation as a file holds it. Fault: `watchlist.malformed` for one too long. */
export function writeOperation(operation: ListOperation): Buffer {
  const body = encode(operation, options);
  if (body.length > maxOperationBytes) throw new Fault('watchlist.malformed', 'an alert is too long');
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/**
 * The operations of a file, as its unpacked bytes come. Fault: `watchlist.malformed` for what is not whole, out of order, or
 * fits no schema.
 */
export async function* readOperations(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ListOperation> {
  let rest: Buffer = Buffer.alloc(0);
  let before: string | undefined;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 4) {
      const length = rest.readUInt32BE(at);
      if (length > maxOperationBytes) throw new Fault('watchlist.malformed', 'an operation is too long');
      if (rest.length - at - 4 < length) break;
      const operation = readOperation(rest.subarray(at + 4, at + 4 + length));
      const reference = referenceOf(operation);
      if (before !== undefined && !comesBefore(before, reference))
        throw new Fault('watchlist.malformed', 'operations out of order');
      before = reference;
      yield operation;
      at += 4 + length;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new Fault('watchlist.malformed', 'the file breaks off');
}

function readOperation(body: Uint8Array): ListOperation {
  try {
    return ListOperation.parse(decode(body));
  } catch (cause) {
    throw new Fault('watchlist.malformed', 'an operation that is none', { cause });
  }
}
