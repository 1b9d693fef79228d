import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';

/*
 * A camera of the kernel's own (vivid) and its faults, as far as they show without a browser: what V4L2 does when a camera
 * stalls, errs or is pulled, which is what Chromium's capture sits on. The page's camera itself (getUserMedia, choice by name,
 * frozen and black frames) is tested in real windows with a camera out of a file; Chromium is too slow for this machine.
 */
const camera = '/dev/video0';
const [widthPx, heightPx, frames] = [320, 180, 4];
const film = '/run/film';
const v4l2 = (...args: string[]): string =>
  execFileSync('v4l2-ctl', ['-d', camera, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const stream = ['--stream-mmap', `--stream-count=${frames}`, `--stream-to=${film}`];
const set = (control: string, value: number): string => v4l2(`--set-ctrl=${control}=${value}`);
const format = `--set-fmt-video=width=${widthPx},height=${heightPx},pixelformat=YUYV`;

test('a camera gives whole frames, moving ones that differ and black ones that are black', () => {
  v4l2('--set-input=0', format);
  set('horizontal_movement', 6);
  v4l2(...stream);
  const bytes = widthPx * heightPx * 2;
  assert.equal(statSync(film).size, frames * bytes);
  const moving = readFileSync(film);
  assert.notEqual(Buffer.compare(moving.subarray(0, bytes), moving.subarray(3 * bytes)), 0);
  // 5 is "100% black"; without counters in the picture.
  set('test_pattern', 5);
  set('osd_text_mode', 2);
  v4l2(...stream);
  const luma = readFileSync(film).filter((_, at) => at % 2 === 0);
  assert.ok(luma.every((grey) => grey <= 16));
});

/** Films, and gives what the kernel refused. */
const refused = (): string =>
  spawnSync('v4l2-ctl', ['-d', camera, ...stream], { encoding: 'utf8', timeout: 60_000 }).stderr;

for (const call of ['REQBUFS', 'QBUF', 'STREAMON']) {
  test(`a camera that fails at ${call} says so, and works again when it is asked again`, () => {
    set(`inject_vidioc_${call.toLowerCase()}_error`, 1);
    assert.match(refused(), new RegExp(`VIDIOC_${call}`));
    assert.doesNotMatch(refused(), /VIDIOC_/);
  });
}

// vivid leaves its node in /dev, as a program that holds it would: it is the next call that fails.
test('a camera that is pulled gives no frame any more', () => {
  set('disconnect', 1);
  assert.notEqual(refused(), '');
});
