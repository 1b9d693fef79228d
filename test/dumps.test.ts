import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const marker = 'PLANTED-FACE-51c9';

/** What a process that holds the marker in memory leaves in its folder when it crashes, with dumps allowed. */
function crash(before: string): { filter: string; held: boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'limen-dump-'));
  try {
    const script = `${before}
      globalThis.face = Buffer.alloc(1_000_000, ${JSON.stringify([...marker].toReversed().join(''))}.split('').reverse().join(''));
      console.log((await import('node:fs')).readFileSync('/proc/self/coredump_filter', 'utf8').trim());
      process.kill(process.pid, 'SIGSEGV');
      await new Promise((resolve) => setTimeout(resolve, 60_000));`;
    const run = ['-c', 'ulimit -c unlimited; exec "$0" --input-type=module -e "$1"', process.execPath, script];
    const { stdout } = spawnSync('/bin/bash', run, { cwd: folder, encoding: 'utf8' });
    const files = readdirSync(folder);
    const held = files.some((file) => readFileSync(join(folder, file)).includes(marker));
    return { filter: stdout.trim(), held };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a core that crashes leaves no face in what the system writes of it; one that took no care does', () => {
  const memory = resolve(import.meta.dirname, '../main/memory.ts');
  const careful = crash(`(await import(${JSON.stringify(memory)})).keepMemoryOutOfDumps();`);
  assert.match(careful.filter, /^0+$/);
  assert.equal(careful.held, false);
  const careless = crash('');
  assert.doesNotMatch(careless.filter, /^0+$/);
  // Where the system hands dumps to a program of its own there is no file to look into.
  const here = !/^[|/]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'));
  if (here) assert.ok(careless.held, 'the control: the same look finds it where no care was taken');
});
