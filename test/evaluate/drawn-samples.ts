import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { extractFinger, fingerModel } from '../../main/biometrics/finger/finger.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { drawTemplates, sourcesDigest } from '../sim/finger/draw-templates.ts';
import { onSensor, type SensorName, sensors } from '../sim/finger/sensors.ts';
import { progress, type Sample } from './finger-folder.ts';

/** Some drawn fingers, and how many impressions of each. */
export interface DrawnSet {
  readonly first: number;
  readonly fingers: number;
  readonly impressions: number;
}

/** Where what was drawn once is kept until its sources change. */
export const drawnCache = fileURLToPath(new URL('../../.cache/drawn-fingers/', import.meta.url));
const addon = new URL('../../native/build/limen.node', import.meta.url);

/** Templates extracted from images of drawn fingers in `usual` conditions, the sensors taking turns. */
export async function drawnImages({ first, fingers, impressions }: DrawnSet): Promise<Sample[]> {
  const extractor = createHash('sha256').update(readFileSync(addon)).digest('hex').slice(0, 16);
  const file = `${drawnCache}images-${first}-${fingers}-${impressions}-${sourcesDigest()}-${extractor}.txt`;
  if (!existsSync(file)) {
    mkdirSync(drawnCache, { recursive: true });
    const names = Object.keys(sensors) as SensorName[];
    const lines: string[] = [];
    for (let at = 0; at < fingers * impressions; at++) {
      const [finger, impression] = [first + Math.floor(at / impressions), (at % impressions) + 1];
      const sensor = names[(finger + impression) % names.length] ?? 'optical';
      const image = drawFinger(onSensor(sensor, { finger, impression, condition: 'usual' }));
      lines.push(Buffer.from((await extractFinger(image)).template.bytes).toString('hex'));
      progress(`drawn: image ${at + 1} of ${fingers * impressions}`, at + 1, fingers * impressions);
    }
    writeFileSync(file, lines.join('\n'));
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((hex, at) =>
      sampleOf(first + Math.floor(at / impressions), (at % impressions) + 1, new Uint8Array(Buffer.from(hex, 'hex'))),
    );
}

/** Templates drawn without an image, one of each finger. */
export async function drawnTemplates(first: number, fingers: number): Promise<Sample[]> {
  const set = await drawTemplates({ first, count: fingers, impression: 1 }, { cacheDir: drawnCache });
  return Array.from({ length: fingers }, (_, at) => sampleOf(first + at, 1, set.at(at)));
}

function sampleOf(finger: number, impression: number, bytes: Uint8Array): Sample {
  return { name: `drawn ${finger} ${impression}`, finger, impression, template: { ...fingerModel, bytes } };
}
