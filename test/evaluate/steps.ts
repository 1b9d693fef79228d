import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { type FingerReport, type FingerTap, tapFinger } from '../../main/biometrics/finger/finger-report.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';

const drawing = { finger: 8, impression: 1, widthPx: 304, heightPx: 384, dpi: 500, condition: 'dry' } as const;
const greys = ['image', 'normalised', 'enhanced', 'binary', 'skeleton', 'repaired', 'mask'];
/** Fields, and the values that are drawn black and white. */
const fields: Readonly<Record<string, readonly [number, number]>> = {
  coherence: [0, 1],
  clarity: [0, 1],
  period: [6, 13],
};

/** Draws what every step of the extraction sees of a drawn finger into a folder, as `finger-<step>.png`, for docs/fingerprint.md. */
export async function evaluate([dir = '']: readonly string[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const { report, taps } = await tapFinger(drawFinger(drawing));
  for (const tap of taps.values()) {
    const range = fields[tap.name];
    if (greys.includes(tap.name)) await write(dir, tap.name, raster(tap, tap.values));
    else if (range) await write(dir, tap.name, raster(tap, shades(tap, range)));
  }
  const orientation = taps.get('orientation');
  const repaired = taps.get('repaired');
  if (orientation) await write(dir, 'orientation', overlay(report, needles(orientation)));
  if (repaired)
    await write(
      dir,
      'minutiae',
      raster(repaired, repaired.values.map(faded)).composite([{ input: svg(report, marks(report)) }]),
    );
  console.log(`quality ${report.quality}, ${report.minutiae} minutiae, ${report.causes.join(', ') || 'nothing wrong'}`);
}

function raster({ width, height, stepPx }: FingerTap, values: ArrayLike<number>): Sharp {
  const image = sharp(Uint8Array.from(values), { raw: { width, height, channels: 1 } });
  return stepPx === 1 ? image : image.resize(width * stepPx, height * stepPx, { kernel: 'nearest' });
}

function shades({ values }: FingerTap, [black, white]: readonly [number, number]): Uint8Array {
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, (255 * (value - black)) / (white - black))));
}

const faded = (grey: number): number => (grey === 0 ? 170 : 255);

/** A short line along the ridges for each block. */
function needles({ width, stepPx, values }: FingerTap): string {
  return Array.from(values, (angle, i) => {
    const x = ((i % width) + 0.5) * stepPx;
    const y = (Math.floor(i / width) + 0.5) * stepPx;
    const [dx, dy] = [0.42 * stepPx * Math.cos(angle), 0.42 * stepPx * Math.sin(angle)];
    return line(x - dx, y - dy, x + dx, y + dy, 'black', 1);
  }).join('');
}

/** Endings as circles, forks as squares, each with its direction; cores red, deltas blue. */
function marks({ points, cores, deltas }: FingerReport): string {
  const parts = points.map(({ x, y, angle, kind }) => {
    const shape =
      kind === 'ending'
        ? `<circle cx="${x}" cy="${y}" r="4" fill="none" stroke="#064"/>`
        : `<rect x="${x - 3.5}" y="${y - 3.5}" width="7" height="7" fill="none" stroke="#640"/>`;
    return (
      shape + line(x, y, x + 11 * Math.cos(angle), y + 11 * Math.sin(angle), kind === 'ending' ? '#064' : '#640', 1)
    );
  });
  for (const [found, colour] of [
    [cores, '#d00'],
    [deltas, '#00d'],
  ] as const)
    for (const { x, y, angles } of found)
      for (const angle of angles) parts.push(line(x, y, x + 20 * Math.cos(angle), y + 20 * Math.sin(angle), colour, 3));
  return parts.join('');
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, width: number): string {
  const at = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${at[0]}" y1="${at[1]}" x2="${at[2]}" y2="${at[3]}" stroke="${colour}" stroke-width="${width}"/>`;
}

function svg({ widthPx, heightPx }: FingerReport, content: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${content}</svg>`,
  );
}

function overlay(report: FingerReport, content: string): Sharp {
  const { widthPx: width, heightPx: height } = report;
  return sharp({ create: { width, height, channels: 3, background: 'white' } }).composite([
    { input: svg(report, content) },
  ]);
}

async function write(dir: string, name: string, image: Sharp): Promise<void> {
  const file = join(dir, `finger-${name}.png`);
  await image.png({ palette: true, colours: 16, dither: 0, compressionLevel: 9 }).toFile(file);
  console.log(file);
}
