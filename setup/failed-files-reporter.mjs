import { relative } from 'node:path';

/** A node:test reporter that writes the files in which a test failed, a line each. */
export default async function* failedFiles(source) {
  for await (const { type, data } of source)
    if (type === 'test:summary' && data.file && !data.success) yield `${relative(process.cwd(), data.file)}\n`;
}
