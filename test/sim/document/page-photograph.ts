import type { RgbImage } from '../../../main/contract/image.ts';
import { normal, stream } from '../finger/random.ts';

/** How a flat page is put before a lens. Lengths are shares of the picture's sides, angles in degrees. */
export interface Shot {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The page's longer side as a share of the picture's. */
  readonly fill: number;
  /** How far the page is turned in its plane. */
  readonly turn: number;
  /** How much nearer one edge is than the other, 0 to 0.3. */
  readonly tilt: readonly [number, number];
  /** Radius of the blur in pixels of the picture. */
  readonly blurPx: number;
  /** Deviation of the noise in grey levels. */
  readonly noise: number;
  /** How bright the glare is, in grey levels at its middle. */
  readonly glare: number;
  /** How much light the shadow takes, 0 to 1. */
  readonly shadow: number;
  /** Grey of what lies about the page. */
  readonly table: number;
  /** How the page is bent; flat where absent. */
  readonly bend?: Bend;
  readonly seed: number;
}

/**
 * A page that rises towards the lens. Lengths are shares of the page's width: how high at most, whether to a ridge down
 * the middle or towards the binding at the left or the right edge, over what length it falls off, and from how far it
 * is looked at. `aside` is the tangent of the angle, downwards, under which the lens sees it.
 */
export interface Bend {
  readonly high: number;
  readonly ridge: number;
  readonly reach: number;
  readonly distance: number;
  readonly aside: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The matrix, by rows, that takes the unit square's corners (0,0 1,0 1,1 0,1) to the four given. */
function perspective([a, b, c, d]: readonly [Point, Point, Point, Point]): number[] {
  const [dx1, dx2, dx3] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, dy3] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const below = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / below;
  const h = (dx1 * dy3 - dx3 * dy1) / below;
  return [b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, g, h, 1];
}

function invert(m: readonly number[]): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  return [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f].concat([
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ]);
}

/** Where the page's corners come to lie in the picture: top left, top right, bottom right, bottom left. */
function corners(page: RgbImage, shot: Shot): [Point, Point, Point, Point] {
  const random = stream(shot.seed, 79);
  const angle = (shot.turn * Math.PI) / 180;
  const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const across = page.widthPx * c + page.heightPx * s;
  const down = page.widthPx * s + page.heightPx * c;
  const scale = shot.fill * Math.min(shot.widthPx / across, shot.heightPx / down);
  const [roomX, roomY] = [shot.widthPx - across * scale, shot.heightPx - down * scale];
  const middle = { x: shot.widthPx / 2 + (random() - 0.5) * roomX, y: shot.heightPx / 2 + (random() - 0.5) * roomY };
  const place = (u: number, v: number): Point => {
    const nearer = 1 - shot.tilt[0] * (u - 0.5) - shot.tilt[1] * (v - 0.5);
    const [x, y] = [((u - 0.5) * page.widthPx * scale) / nearer, ((v - 0.5) * page.heightPx * scale) / nearer];
    return {
      x: middle.x + x * Math.cos(angle) - y * Math.sin(angle),
      y: middle.y + x * Math.sin(angle) + y * Math.cos(angle),
    };
  };
  return [place(0, 0), place(1, 0), place(1, 1), place(0, 1)];
}

/** The point of a bent page that is seen where a flat one's would be; both as shares of the page's sides. */
function onBentPage({ x, y }: Point, { high, ridge, reach, distance, aside }: Bend, aspect: number): Point {
  const height = (at: number) => high * Math.exp(-(((at - ridge) / reach) ** 2));
  // What is nearer looks larger, and what is looked at aslant is shifted.
  const z = height(x);
  const nearer = 1 - z / distance;
  const [seenX, seenY] = [0.5 + (x - 0.5) * nearer, 0.5 + (y - 0.5) * nearer - z * aside * aspect];
  // Along the bend there is more page than seen from above: its arc from the middle.
  const parts = 8;
  let arc = 0;
  for (let part = 0; part < parts; part++) {
    const step = (seenX - 0.5) / parts;
    const from = 0.5 + part * step;
    arc += Math.sign(step) * Math.hypot(step, height(from + step) - height(from));
  }
  return { x: 0.5 + arc, y: seenY };
}

/** A picture of the page as the shot says; the same shot gives the same picture. Blur is left to who encodes it. */
export function photograph(page: RgbImage, shot: Shot): RgbImage {
  const random = stream(shot.seed, 80);
  const { widthPx, heightPx } = shot;
  const m = invert(perspective(corners(page, shot)));
  const pixels = new Uint8Array(widthPx * heightPx * 3);
  const spot = { x: (0.2 + 0.6 * random()) * widthPx, y: (0.2 + 0.6 * random()) * heightPx };
  const spotPx = (0.05 + 0.08 * random()) * widthPx;
  const way = random() * 2 * Math.PI;
  const edge = (random() - 0.5) * widthPx * 0.6;
  let at = 0;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, at += 3) {
      const w = m[6]! * x + m[7]! * y + m[8]!;
      const flat = { x: (m[0]! * x + m[1]! * y + m[2]!) / w, y: (m[3]! * x + m[4]! * y + m[5]!) / w };
      const { x: u, y: v } = shot.bend ? onBentPage(flat, shot.bend, page.widthPx / page.heightPx) : flat;
      const far = (x - widthPx / 2) * Math.cos(way) + (y - heightPx / 2) * Math.sin(way) - edge;
      const light = 1 - shot.shadow / (1 + Math.exp(-far / (0.03 * widthPx)));
      const distance = ((x - spot.x) ** 2 + (y - spot.y) ** 2) / spotPx ** 2;
      const glare = shot.glare > 0 && distance < 9 ? shot.glare * Math.exp(-distance) : 0;
      const inside = u >= 0 && u < 1 && v >= 0 && v < 1;
      const px = u * page.widthPx - 0.5;
      const py = v * page.heightPx - 0.5;
      for (let channel = 0; channel < 3; channel++) {
        const colour = inside ? interpolate(page, px, py, channel) : shot.table;
        const value = colour * light + glare + (shot.noise > 0 ? shot.noise * normal(random) : 0);
        pixels[at + channel] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  return { widthPx, heightPx, pixels };
}

function interpolate({ widthPx, heightPx, pixels }: RgbImage, x: number, y: number, channel: number): number {
  const left = Math.min(Math.max(Math.floor(x), 0), widthPx - 2);
  const top = Math.min(Math.max(Math.floor(y), 0), heightPx - 2);
  const [u, v] = [Math.min(Math.max(x - left, 0), 1), Math.min(Math.max(y - top, 0), 1)];
  const at = (top * widthPx + left) * 3 + channel;
  const below = at + widthPx * 3;
  const upper = pixels[at]! * (1 - u) + pixels[at + 3]! * u;
  const lower = pixels[below]! * (1 - u) + pixels[below + 3]! * u;
  return upper * (1 - v) + lower * v;
}
