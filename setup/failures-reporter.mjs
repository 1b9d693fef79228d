import { relative } from 'node:path';

/** A node:test reporter for a quiet run: a line per file, every failure in full, every skipped test, and what a failing file printed. */
export default async function* failures(source) {
  for await (const { type, data } of source) {
    const file = data?.file ? relative(process.cwd(), data.file) : '';
    if (type === 'test:fail' && data.details?.type !== 'suite') yield failure(data, file);
    if (type === 'test:pass' && data.skip !== undefined)
      yield `skipped ${file}:${data.line ?? ''} ${data.name}: ${data.skip}\n`;
    if (type === 'test:stderr') yield data.message;
    // The runner's own count: a test may stand in another file than the one that was run.
    if (type === 'test:summary' && file)
      yield `  ${file}: ${data.counts.tests} tests, ${Math.round(data.duration_ms)} ms\n`;
  }
}

function failure(data, file) {
  const { error } = data.details;
  const cause = error?.cause instanceof Error ? error.cause : error;
  return `FAILED ${file}:${data.line ?? ''} ${data.name}\n${cause?.stack ?? String(cause ?? error)}\n`;
}
