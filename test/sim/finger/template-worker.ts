import { parentPort } from 'node:worker_threads';
import { drawTemplate } from './draw-template.ts';
import type { TemplateRange } from './draw-templates.ts';

const largestRecord = 2048;

// Draws the parts of a range that it is sent, one after the other.
parentPort?.on('message', ({ first, count, impression, hardness }: TemplateRange) => {
  let bytes = new Uint8Array(512 * count + largestRecord);
  const ends = new Uint32Array(count);
  let end = 0;
  for (let i = 0; i < count; i++) {
    const record = drawTemplate({ finger: first + i, impression, ...(hardness === undefined ? {} : { hardness }) });
    if (end + record.length > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
    bytes.set(record, end);
    end += record.length;
    ends[i] = end;
  }
  const exact = bytes.slice(0, end);
  parentPort?.postMessage({ bytes: exact, ends }, [exact.buffer, ends.buffer]);
});
