import sharp from 'sharp';
import type { DocumentFormat } from '../../../main/contract/document.ts';
import type { RgbImage } from '../../../main/contract/image.ts';
import { layouts } from '../../../main/document/layout.ts';
import { stream } from '../finger/random.ts';
import { documentSizes, drawDocument, zoneOf } from './document-drawing.ts';
import { type Bend, photograph, type Shot } from './page-photograph.ts';
import { type PrintedDocument, printDocument } from './printed.ts';

/** How hard the pictures are: a flat-bed's, a camera's under fair light, of a bent page, under poor light. */
export type Difficulty = 'clean' | 'fair' | 'bent' | 'hard';

/** A drawn picture of a document, JPEG, and what its zone says. */
export interface DrawnPage {
  readonly name: string;
  readonly jpeg: Uint8Array;
  readonly document: PrintedDocument;
}

const formats = Object.keys(layouts) as DocumentFormat[];

/** A finger on the page: from where to where it covers the zone, as shares of the zone's width, over all its lines. */
export interface Finger {
  readonly from: number;
  readonly to: number;
}

/**
 * The picture that difficulty and index determine. `band` cuts out the zone, as readers do that know where it lies; a
 * `finger` lies on it.
 */
export async function drawPage(
  difficulty: Difficulty,
  index: number,
  band = false,
  finger?: Finger,
): Promise<DrawnPage> {
  const seed = index * 3 + { clean: 0, fair: 1, hard: 2, bent: 100_001 }[difficulty];
  const random = stream(seed, 81);
  const between = (from: number, to: number) => from + random() * (to - from);
  const format = formats[index % formats.length] ?? 'TD3';
  const document = printDocument(format, seed);
  const shot = takeShot(difficulty, between, seed, format, band);
  const paper = {
    pattern: difficulty === 'hard' ? between(0.15, 0.5) : between(0.05, 0.25),
    ink: Math.round(difficulty === 'hard' ? between(20, 80) : between(10, 45)),
  };
  const [width, height] = documentSizes[format];
  const sharpness = shot.fill * (Math.max(shot.widthPx, shot.heightPx) / Math.max(width, height));
  const page = await rasterise(document, paper, Math.min(16, Math.max(7, sharpness)), seed, band, finger);
  const picture = photograph(page, { ...shot, noise: 0 });
  const jpeg = await develop(picture, shot, difficulty === 'clean' ? 92 : Math.round(between(45, 85)));
  return { name: `${difficulty}-${String(index).padStart(4, '0')}-${format.toLowerCase()}`, jpeg, document };
}

function takeShot(
  difficulty: Difficulty,
  between: (from: number, to: number) => number,
  seed: number,
  format: DocumentFormat,
  band: boolean,
): Shot {
  const [width, height] = documentSizes[format];
  const quarters = Math.floor(between(0, 4)) * 90;
  const common = { seed, table: Math.round(between(20, 240)) };
  if (band) {
    const px = Math.round(between(900, 1500));
    const plain = {
      widthPx: px,
      heightPx: Math.round(px / 4.6),
      fill: 0.97,
      turn: between(-1, 1),
      tilt: [0, 0] as const,
    };
    return {
      ...common,
      ...plain,
      blurPx: between(0.3, 0.7),
      noise: between(1, 5),
      glare: 0,
      shadow: between(0, 0.2),
      table: 235,
    };
  }
  if (difficulty === 'clean') {
    const dpi = [200, 300, 400][seed % 3] ?? 300;
    const side = Math.round(((Math.max(width, height) + 12) * dpi) / 25.4);
    const size = { widthPx: side, heightPx: side, fill: Math.max(width, height) / (Math.max(width, height) + 12) };
    const lie = { turn: quarters + between(-4, 4), tilt: [0, 0] as const };
    return { ...common, ...size, ...lie, blurPx: between(0.3, 0.6), noise: between(0.5, 3), glare: 0, shadow: 0 };
  }
  const hard = difficulty === 'hard';
  const longer = Math.round(between(1280, 2048));
  const sides = quarters % 180 === 0 ? [longer, Math.round(longer * 0.72)] : [Math.round(longer * 0.72), longer];
  const [widthPx = 0, heightPx = 0] = sides;
  const tilt = hard ? 0.28 : 0.12;
  return {
    ...common,
    widthPx,
    heightPx,
    fill: between(hard ? 0.62 : 0.78, 0.97),
    turn: quarters + between(-1, 1) * (hard ? 12 : 6),
    tilt: [between(-tilt, tilt), between(-tilt, tilt)],
    blurPx: hard ? between(0.6, 1.5) : between(0.4, 0.9),
    noise: hard ? between(5, 14) : between(2, 6),
    glare: hard && between(0, 1) < 0.5 ? between(40, 130) : 0,
    shadow: hard ? between(0, 0.55) : between(0, 0.25),
    ...(difficulty === 'bent' && { bend: bendPage(between) }),
  };
}

/** A page in a book: towards the binding, left or right, it rises by up to a fifth of its width; or it bulges in the middle. */
function bendPage(between: (from: number, to: number) => number): Bend {
  const bulges = between(0, 1) < 0.4;
  return {
    high: between(0.05, bulges ? 0.12 : 0.2),
    ridge: bulges ? between(0.3, 0.7) : between(0, 1) < 0.5 ? -0.02 : 1.02,
    reach: bulges ? between(0.25, 0.5) : between(0.15, 0.45),
    distance: between(1.5, 3),
    aside: between(-0.6, 0.6),
  };
}

function drawFinger(document: PrintedDocument, { from, to }: Finger): string {
  const [left, top, width, height] = zoneOf(document);
  const [x, wide] = [left + from * width, (to - from) * width];
  const nail = { x: x + wide * 0.2, y: top + 1, width: wide * 0.6, height: height * 0.4 };
  return (
    `<rect x="${x}" y="${top - 2}" width="${wide}" height="${height + 40}" rx="${Math.min(9, wide / 2)}" fill="#c08a6c"/>` +
    `<rect x="${nail.x}" y="${nail.y}" width="${nail.width}" height="${nail.height}" rx="3" fill="#dcb09a"/>`
  );
}

async function rasterise(
  document: PrintedDocument,
  paper: { pattern: number; ink: number },
  pxPerMm: number,
  seed: number,
  band: boolean,
  finger?: Finger,
): Promise<RgbImage> {
  const flat = drawDocument(document, paper, pxPerMm, seed);
  const covered = finger ? flat.replace('</svg>', `${drawFinger(document, finger)}</svg>`) : flat;
  const drawn = sharp(Buffer.from(covered));
  const [left, top, width, height] = zoneOf(document).map((mm) => Math.round(mm * pxPerMm)) as [
    number,
    number,
    number,
    number,
  ];
  const { data, info } = await drawn
    .flatten({ background: '#888' })
    .extract(
      band
        ? { left: Math.max(0, left), top, width: width - 2 * Math.max(0, -left), height }
        : { left: 0, top: 0, ...(await drawn.metadata()) },
    )
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, pixels: new Uint8Array(data) };
}

/** Blurs, then adds the sensor's noise, and encodes. */
async function develop(picture: RgbImage, shot: Shot, quality: number): Promise<Uint8Array> {
  const raw = { width: picture.widthPx, height: picture.heightPx, channels: 3 as const };
  const blurred = await sharp(picture.pixels, { raw }).blur(Math.max(0.3, shot.blurPx)).raw().toBuffer();
  const random = stream(shot.seed, 82);
  for (let at = 0; at < blurred.length; at++) {
    const noise = (random() + random() + random() + random() - 2) * Math.sqrt(3) * shot.noise;
    blurred[at] = Math.max(0, Math.min(255, blurred[at]! + noise));
  }
  return new Uint8Array(await sharp(blurred, { raw }).jpeg({ quality }).toBuffer());
}
