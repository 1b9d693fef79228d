/** A node:test reporter. */
export default function report(
  source: AsyncIterable<{ readonly type: string; readonly data: object }>,
): AsyncIterable<string>;
