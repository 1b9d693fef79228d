import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('docs/devices.md shows the example as it is', () => {
  const page = readFileSync('docs/devices.md', 'utf8');
  const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const files = ['example-model.ts', 'example-scanner.ts', 'example.test.ts'];
  assert.deepEqual(
    blocks,
    files.map((file) => readFileSync(`test/devices/example/${file}`, 'utf8')),
  );
});
