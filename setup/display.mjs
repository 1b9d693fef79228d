import { run } from './command.mjs';
import { say } from './say.mjs';

/** Runs a program that opens windows: on the display there is, or on a virtual one (Xvfb) where there is none. */
export function onDisplay(headless, program, args) {
  if (process.env.DISPLAY && !headless) return run(program, args);
  if (!headless) say('no display: using a virtual one');
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  return run('xvfb-run', ['-a', '-s', '-screen 0 1920x1920x24 -nolisten tcp', program, ...args], { env });
}
