import { Fault } from '../contract/fault.ts';
import { SearchLine } from '../contract/search.ts';

/** Bytes of a line, bytes and lines of an answer, at most. */
export const maxLineBytes = 64 * 1024;
export const maxAnswerBytes = 1024 * 1024;
export const maxLines = 1000;

const newline = 10;

/**
 * Reads an answer line by line as its bytes come. Gives only lines that are whole and what the contract says; a last line
 * without its end is one that was cut off, and is not given. Fault: `search.malformed` at the first line that is anything else,
 * or when the answer is larger than it may be; what `chunks` throws.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SearchLine, void> {
  let [rest, bytes, lines] = [Buffer.alloc(0), 0, 0];
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Fault('search.malformed', 'the answer is too long');
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      if (end > maxLineBytes || ++lines > maxLines) throw new Fault('search.malformed', 'a line too long or too many');
      yield readLine(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > maxLineBytes) throw new Fault('search.malformed', 'a line is too long');
  }
}

function readLine(bytes: Uint8Array): SearchLine {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The error's own text would quote the line.
    throw new Fault('search.malformed', 'a line is no JSON');
  }
  const { data } = SearchLine.safeParse(json);
  if (!data) throw new Fault('search.malformed', 'a line is not of the contract');
  return data;
}
