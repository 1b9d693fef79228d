import sharp from 'sharp';
import { eyeCentres, landmark, type Landmarks } from '../../../main/biometrics/face/face-landmarks.ts';
import type { Point, Raster } from '../../../main/biometrics/face/raster.ts';

/** What covers a face, and what it covers; `nothing` for what people wear who can be compared well. */
export type Covers = 'mouth' | 'eyes' | 'nothing';

/** A thing before a face, drawn over its picture: the marks of a vector drawing, in the picture's pixels. */
export interface Occlusion {
  readonly covers: Covers;
  readonly draw: (face: Landmarks, raster: Raster) => string;
}

/** Upper edge of a mask from ear to ear over the bridge of the nose, and the outline of the face below it. */
const maskTop = [127, 116, 117, 118, 196, 419, 347, 346, 345, 356] as const;
const maskRim = [323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93] as const;
const lowMaskTop = [93, 206, 164, 426, 323] as const;

/** Things drawn over faces, by name. Colours are those of cloth, glass, hair and of the face's own skin. */
export const occlusions: Readonly<Record<string, Occlusion>> = {
  'blue mask': mask('#8fb6cd', '#6d97b3'),
  'white mask': mask('#e2e2de', '#bdbdb8'),
  'black mask': mask('#2b2b2e', '#141416'),
  'beige mask': mask('#cba88c', '#b38d70'),
  "mask of the skin's colour": { covers: 'mouth', draw: (face, raster) => cloth(face, ...skinTones(face, raster)) },
  'white mask, deeply creased': {
    covers: 'mouth',
    draw: (face) => cloth(face, '#e2e2de', '#8f8f8b', 0.07),
  },
  'scarf over mouth and chin': {
    covers: 'mouth',
    draw: (face) => outline(face, [...lowMaskTop, ...maskRim], 1.25, '#7c3238', '#55191f'),
  },
  'hand over the mouth': { covers: 'mouth', draw: (face, raster) => hand(face, raster, 'mouth') },
  'dark glasses': { covers: 'eyes', draw: (face) => glasses(face, '#0c0c0f', '#1d1d22', 1) },
  'brown glasses, see-through': { covers: 'eyes', draw: (face) => glasses(face, '#24150c', '#5b4030', 0.85) },
  'mirrored glasses': { covers: 'eyes', draw: (face) => glasses(face, '#3c4a63', '#c3cbd6', 1) },
  'hand over an eye': { covers: 'eyes', draw: (face, raster) => hand(face, raster, 'eye') },
  'hair over the eyes': { covers: 'eyes', draw: (face) => hair(face, -1.25, 1.25) },
  'hair over one eye': { covers: 'eyes', draw: (face) => hair(face, -1.35, -0.05) },
  'clear glasses': { covers: 'nothing', draw: (face) => glasses(face, '#ffffff', '#ffffff', 0.06) },
};

/** The picture with the thing drawn over the face whose landmarks are given. */
export async function occlude(raster: Raster, face: Landmarks, { draw }: Occlusion): Promise<Raster> {
  const { widthPx, heightPx } = raster;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"><filter id="soft"><feGaussianBlur stdDeviation="${eyesApart(face) * 0.012}"/></filter><g filter="url(#soft)">${draw(face, raster)}</g></svg>`;
  const pixels = await sharp(raster.pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .composite([{ input: Buffer.from(drawing) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...raster, pixels: new Uint8Array(pixels) };
}

/** The picture with the jaw dropped: what lies below the lips is moved down, by `opening` of the distance between the eyes. */
export function openMouth(raster: Raster, face: Landmarks, opening: number): Raster {
  const pixels = raster.pixels.slice();
  const [right, left, lip, chin] = [at(face, 78), at(face, 308), at(face, 13), at(face, 152)];
  const gap = eyesApart(face) * opening;
  const reach = chin.y + gap - lip.y;
  for (let x = Math.max(0, Math.ceil(right.x)); x <= Math.min(raster.widthPx - 1, left.x); x++) {
    const across = (2 * (x - right.x)) / (left.x - right.x) - 1;
    const here = gap * Math.sqrt(Math.max(0, 1 - across * across));
    const line = right.y + ((left.y - right.y) * (across + 1)) / 2;
    for (let y = Math.min(raster.heightPx - 1, Math.floor(line + reach)); y >= Math.max(0, line); y--) {
      const below = y - line;
      const target = (y * raster.widthPx + x) * 3;
      if (below < here) {
        pixels.set([48, 20, 20], target);
        continue;
      }
      const from = line + ((below - here) / Math.max(reach - here, 1)) * reach;
      const source = (Math.min(raster.heightPx - 1, Math.round(from)) * raster.widthPx + x) * 3;
      pixels.set(raster.pixels.subarray(source, source + 3), target);
    }
  }
  return { ...raster, pixels };
}

function mask(light: string, dark: string): Occlusion {
  return { covers: 'mouth', draw: (face) => cloth(face, light, dark) };
}

/** Cloth from ear to ear and from the nose to under the chin, shaded to the sides and with pleats. */
function cloth(face: Landmarks, light: string, dark: string, crease = 0.03): string {
  const pleats = [164, 17, 200]
    .map((index) => [at(face, index), at(face, 234), at(face, 454)] as const)
    .map(([middle, right, left]) => {
      const [from, to] = [between(right, middle, 0.35), between(left, middle, 0.35)];
      return `<path d="M${from.x} ${middle.y} Q${middle.x} ${middle.y + eyesApart(face) * 0.09} ${to.x} ${middle.y}" fill="none" stroke="${dark}" stroke-width="${eyesApart(face) * crease}"/>`;
    });
  return outline(face, [...maskTop, ...maskRim], 1.06, light, dark) + pleats.join('');
}

function outline(face: Landmarks, points: readonly number[], widened: number, light: string, dark: string): string {
  const middle = at(face, 164);
  const path = points.map((index) => between(middle, at(face, index), widened)).map(({ x, y }) => `${x},${y}`);
  return `${shade('cloth', light, dark)}<polygon points="${path.join(' ')}" fill="url(#cloth)"/>`;
}

function shade(id: string, light: string, dark: string): string {
  return `<radialGradient id="${id}" cx="0.45" cy="0.35" r="0.75"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient>`;
}

/** Two lenses as wide as glasses are, a bridge, and the temples. */
function glasses(face: Landmarks, top: string, bottom: string, opacity: number): string {
  const apart = eyesApart(face);
  const [right, left] = eyeCentres(face);
  const angle = (Math.atan2(left.y - right.y, left.x - right.x) * 180) / Math.PI;
  const lens = ({ x, y }: Point) =>
    `<rect x="${x - apart * 0.42}" y="${y - apart * 0.28}" width="${apart * 0.84}" height="${apart * 0.66}" rx="${apart * 0.24}" fill="url(#lens)" fill-opacity="${opacity}" stroke="#1a1512" stroke-width="${apart * 0.045}" transform="rotate(${angle} ${x} ${y})"/>`;
  const arm = (eye: Point, ear: Point, side: number) =>
    `<line x1="${eye.x + side * apart * 0.42}" y1="${eye.y}" x2="${ear.x}" y2="${ear.y}" stroke="#1a1512" stroke-width="${apart * 0.045}"/>`;
  const bridge = `<line x1="${right.x + apart * 0.4}" y1="${right.y}" x2="${left.x - apart * 0.4}" y2="${left.y}" stroke="#1a1512" stroke-width="${apart * 0.06}"/>`;
  return `<linearGradient id="lens" x2="0.4" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>${bridge}${arm(right, at(face, 127), -1)}${arm(left, at(face, 356), 1)}${lens(right)}${lens(left)}`;
}

/** Four fingers of the skin's colour, side by side, with shadows between them. */
function hand(face: Landmarks, raster: Raster, over: 'mouth' | 'eye'): string {
  const apart = eyesApart(face);
  const [light, dark] = skinTones(face, raster);
  const centre = over === 'mouth' ? between(at(face, 13), at(face, 17), 0.3) : eyeCentres(face)[0];
  const fingers = [-1.5, -0.5, 0.5, 1.5].map((place) => {
    const y = centre.y + place * apart * 0.24;
    const from = centre.x - apart * 1.3;
    const to = centre.x + apart * (0.62 - 0.07 * Math.abs(place));
    return `<line x1="${from}" y1="${y + apart * 0.25}" x2="${to}" y2="${y}" stroke="${dark}" stroke-width="${apart * 0.27}" stroke-linecap="round"/><line x1="${from}" y1="${y + apart * 0.23}" x2="${to}" y2="${y - apart * 0.02}" stroke="${light}" stroke-width="${apart * 0.22}" stroke-linecap="round"/>`;
  });
  return fingers.join('');
}

/** Strands that fall from the crown past the eyes, from one side to another in distances of the eyes. */
function hair(face: Landmarks, from: number, to: number): string {
  const apart = eyesApart(face);
  const [right, left] = eyeCentres(face);
  const middle = between(right, left, 0.5);
  const strands: string[] = [];
  for (let place = from; place <= to; place += 0.035) {
    const [x, sway] = [middle.x + place * apart, Math.sin(place * 37) * 0.07];
    const [top, bottom] = [middle.y - apart * 1.25, middle.y + apart * (0.38 + Math.sin(place * 23) * 0.12)];
    const tone = 38 + Math.round(20 * Math.sin(place * 61));
    strands.push(
      `<path d="M${middle.x + place * apart * 0.8} ${top} Q${x} ${middle.y - apart * 0.5} ${x + sway * apart} ${bottom}" fill="none" stroke="rgb(${tone + 14},${tone + 3},${tone - 6})" stroke-width="${apart * 0.05}"/>`,
    );
  }
  return strands.join('');
}

/** The colour of the cheeks, and a darker one. */
function skinTones(face: Landmarks, { pixels, widthPx, heightPx }: Raster): [string, string] {
  const tones = [50, 280].map((index) => {
    const { x, y } = at(face, index);
    const [column, row] = [
      Math.min(Math.max(Math.round(x), 0), widthPx - 1),
      Math.min(Math.max(Math.round(y), 0), heightPx - 1),
    ];
    return pixels.subarray((row * widthPx + column) * 3, (row * widthPx + column) * 3 + 3);
  });
  const tone = (gain: number) =>
    `rgb(${[0, 1, 2].map((channel) => Math.min(255, Math.round((((tones[0]?.[channel] ?? 0) + (tones[1]?.[channel] ?? 0)) / 2) * gain))).join(',')})`;
  return [tone(0.97), tone(0.75)];
}

function eyesApart(face: Landmarks): number {
  const [right, left] = eyeCentres(face);
  return Math.hypot(left.x - right.x, left.y - right.y);
}

function between(one: Point, other: Point, share: number): Point {
  return { x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share };
}

function at(face: Landmarks, index: number): Point {
  return landmark(face, index);
}
