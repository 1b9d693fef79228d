import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

/** One test that ended in a program of its own. */
export interface InnerTest {
  readonly name: string;
  /** What went wrong, in full; undefined when it passed. */
  readonly failure?: string;
  readonly skipped?: string | boolean;
  readonly durationMs: number;
}

/** Marks a line of the reporter among whatever else a program prints. */
export const mark = 'inner-test ';

/** A node:test reporter that writes a line for every test, for whoever runs the program (inner-tests.ts). */
export default async function* lines(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const test: InnerTest = {
      name: data.name,
      durationMs: data.details.duration_ms,
      ...(type === 'test:fail' && { failure: inspect(data.details.error?.cause ?? data.details.error) }),
      ...(data.skip !== undefined && { skipped: data.skip }),
    };
    yield `\n${mark}${JSON.stringify(test)}\n`;
  }
}
