import { test } from 'node:test';
import { execFileSync } from 'node:child_process';
test('x', () => {
  console.log(execFileSync('v4l2-ctl', ['-d', '/dev/video0', '-L'], { encoding: 'utf8' }).slice(0, 6000));
});
