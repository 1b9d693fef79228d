import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../main/devices/clock.ts';
import { unitRung } from '../devices/contract/unit-rung.ts';
import { type DeviceFigures, measureImager } from './devices/measure.ts';

const sizes = [64, 1_024];
/** Left by `npm run test:system`: one object a line. */
const systemFigures = '.cache/system-figures.jsonl';

async function umockdevFigures(): Promise<DeviceFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'limen-bench-'));
  try {
    const bridge = join(import.meta.dirname, '../sim/umockdev/bridge.py');
    const inner = join(import.meta.dirname, 'devices/umockdev-inner.ts');
    const socket = join(folder, 'bridge');
    const command = ['/usr/bin/python3', bridge, socket, process.execPath, inner, socket, ...sizes.map(String)];
    const { stdout } = await promisify(execFile)('umockdev-wrapper', command, { timeout: 300_000 });
    return figuresIn(stdout);
  } catch (error) {
    console.log(
      `  umockdev: not measured (${(error instanceof Error ? error.message : String(error)).split('\n')[0]})`,
    );
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lines that are figures of this bench; the file of the system tests holds others too. */
function figuresIn(text: string): DeviceFigures[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as DeviceFigures)
    .filter(({ imageMs, bareMs }) => typeof imageMs === 'number' && typeof bareMs === 'number');
}

const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 1)} ms`;

function print(figures: DeviceFigures): void {
  const { rung, fragmentReportBytes, imageMs, imageCpuMs, bareMs, bareCpuMs, copyMs, readyMs, faultMs } = figures;
  const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)} x`;
  console.log(`${rung}, reports of ${fragmentReportBytes} bytes, an image of 320 x 400`);
  console.log(`  image through the driver    ${ms(imageMs).padStart(10)}  CPU ${ms(imageCpuMs).padStart(10)}`);
  console.log(`  bare loop of reports        ${ms(bareMs).padStart(10)}  CPU ${ms(bareCpuMs).padStart(10)}`);
  console.log(
    `  driver to bare loop         ${ratio(imageMs, bareMs).padStart(10)}  CPU ${ratio(imageCpuMs, bareCpuMs).padStart(10)}`,
  );
  console.log(`  one copy in memory          ${ms(copyMs).padStart(10)}`);
  console.log(`  plugged in to ready         ${ms(readyMs).padStart(10)}  pulled to absent ${ms(faultMs)}`);
}

/**
 * Prints how long an image of the HID finger imager takes and what it costs, on each rung that this machine has, beside a
 * loop that only counts the same reports at the same port, and how fast a device is ready and missed.
 */
export async function bench(): Promise<void> {
  for (const size of sizes) {
    const rung = unitRung(systemClock);
    print(await measureImager(rung, size));
    await rung.close();
  }
  for (const figures of await umockdevFigures()) print(figures);
  if (existsSync(systemFigures)) for (const figures of figuresIn(readFileSync(systemFigures, 'utf8'))) print(figures);
  else console.log('  emulated machine: not measured (npm run test:system leaves its figures)');
}
