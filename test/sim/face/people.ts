import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Point, Raster } from '../../../main/biometrics/face/raster.ts';

/** A photograph of one person and where its eyes are, in pixels: the person's right, then left. */
export interface Person {
  readonly package: string;
  readonly file: string;
  readonly eyes: readonly [Point, Point];
}

/** A person by a picture already made, and where its eyes are. */
export interface Subject {
  readonly picture: Raster;
  readonly eyes: readonly [Point, Point];
}

const require = createRequire(import.meta.url);

function person(pack: string, file: string, rightX: number, rightY: number, leftX: number, leftY: number): Person {
  const eyes = [
    { x: rightX, y: rightY },
    { x: leftX, y: leftY },
  ] as const;
  return { package: pack, file: `assets/img/${file}`, eyes };
}

/** Eight adults who face the camera; see NOTICE.md. */
export const people = {
  amara: person('soft-ui-dashboard', 'kal-visuals-square.jpg', 394, 289, 490, 349),
  clara: person('soft-ui-dashboard', 'team-1.jpg', 351, 356, 420, 319),
  samuel: person('paper-kit-2', 'faces/ayo-ogunseinde-2.jpg', 176, 138, 244, 133),
  luca: person('paper-kit-2', 'faces/erik-lucatero-2.jpg', 159, 211, 241, 207),
  hana: person('paper-kit-2', 'faces/joe-gardner-2.jpg', 192, 113, 245, 127),
  freya: person('paper-kit-2', 'faces/kaci-baum-2.jpg', 175, 132, 224, 128),
  daniel: person('material-kit', 'faces/christian.jpg', 196, 142, 251, 146),
  mateo: person('material-kit', 'faces/marc.jpg', 166, 170, 233, 169),
} as const;
export type PersonName = keyof typeof people;

/** Someone whose head is turned to the side. */
export const turnedPerson = person('material-kit', 'faces/camp.jpg', 194, 158, 248, 150);

const photographs = new Map<Person, Promise<Raster>>();

/** The person's photograph, read once. */
export function photograph(person: Person | Subject): Promise<Raster> {
  if ('picture' in person) return Promise.resolve(person.picture);
  const known = photographs.get(person) ?? readPhotograph(person);
  photographs.set(person, known);
  return known;
}

async function readPhotograph(person: Person): Promise<Raster> {
  const path = join(dirname(require.resolve(`${person.package}/package.json`)), person.file);
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: 3, pixels: new Uint8Array(data) };
}
