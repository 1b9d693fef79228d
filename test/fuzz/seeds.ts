import { FaceGallery } from '../../main/biometrics/face/face-gallery.ts';
import { FingerGallery } from '../../main/biometrics/finger/finger-gallery.ts';
import { encodeWsq } from '../../main/biometrics/finger/wsq.ts';
import { extractFinger } from '../../main/biometrics/finger/finger.ts';
import { readRecord } from '../../main/biometrics/finger/minutiae-record.ts';
import { type Header, type ViewFields, writeViews } from '../sim/finger/minutiae-record.ts';
import { writeWsq } from '../biometrics/finger/wsq-stream.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';

/** What may be fuzzed, and the longest input of each in bytes. */
export const targets = {
  image: 9300,
  iso: 1200,
  ansi: 1200,
  wsq: 3000,
  'round-trip': 1200,
  comparison: 1200,
  faces: 2000,
  snapshot: 4000,
} as const;
export type Target = keyof typeof targets;

const draw = (finger: number, widthPx: number, heightPx: number) =>
  drawFinger({ finger, impression: 1, widthPx, heightPx, dpi: 500 });

/** Sound inputs that a target's corpus begins with, all made here. */
export const seeds: Readonly<Record<Target, () => Promise<Uint8Array[]>>> = {
  image: () =>
    Promise.resolve([
      images(64, 96),
      images(96, 40),
      images(33, 95),
      Uint8Array.of(240, 200, 2, 88, 63, 5, 9, 200, 9, 200),
    ]),
  iso: async () => [...(await records('iso')), (await extractFinger(draw(1, 160, 160))).template.bytes],
  ansi: async () => [...(await records('ansi')), ...(await records('ansi-long')), ...(await records('ansi-dialect'))],
  wsq: async () => [
    await encodeWsq(draw(2, 96, 64)),
    await encodeWsq(draw(3, 65, 47), { bitsPerPixel: 3 }),
    await encodeWsq({ widthPx: 40, heightPx: 40, pixels: new Uint8Array(1600).fill(7) }),
    restarted(),
  ],
  comparison: async () => {
    const [ours, [iso, , empty], [ansi]] = await Promise.all([
      extractFinger(draw(1, 160, 160)),
      records('iso'),
      records('ansi'),
    ]);
    const made = [ours.template.bytes, iso, ansi, empty].filter((record) => record !== undefined);
    return made.flatMap((first) => made.map((second) => pair(first, second)));
  },
  faces: () =>
    Promise.resolve([Uint8Array.from({ length: 400 }, (_, i) => (i * 89) & 255), new Uint8Array(300).fill(7)]),
  snapshot: async () => [...(await faceSnapshots()), ...(await fingerSnapshots())],
  'round-trip': async () => [
    ...(await records('iso')),
    Uint8Array.from({ length: 700 }, (_, i) => (i * 37) & 255),
    Uint8Array.of(1, 44, 1, 144, 0, 2, 0, 50, 1, 0, 1, 0, 2, 0, 9, 0, 12),
  ],
};

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

/** Galleries of faces as the target reads them: 0, the number of values less one, the size of pieces, the snapshot. */
async function faceSnapshots(): Promise<Uint8Array[]> {
  const of = { model: 'm', version: '1', values: 9 };
  const gallery = new FaceGallery(of);
  const empty = await whole(gallery.save());
  const face = (seed: number) => ({
    id: `face ${seed % 3}`,
    template: { ...of, values: Float32Array.from({ length: of.values }, (_, i) => Math.sin(seed * 7 + i)) },
  });
  await gallery.add(Array.from({ length: 5 }, (_, seed) => face(seed)));
  const full = await whole(gallery.save());
  gallery.close();
  return [empty, full].map((bytes) => Uint8Array.of(0, of.values - 1, 9, ...bytes));
}

/** Galleries of fingers as the target reads them: 1, the size of pieces, the snapshot with the model's name that it asks for. */
async function fingerSnapshots(): Promise<Uint8Array[]> {
  const gallery = new FingerGallery();
  const { template } = await extractFinger(draw(1, 160, 160));
  await gallery.add(['one', 'two'].map((id) => ({ id, position: 'left-thumb' as const, template })));
  const bytes = await whole(gallery.save());
  gallery.close();
  bytes.set([3, ...Buffer.from('m/1')], 24);
  return [Uint8Array.of(1, 9, ...bytes)];
}

/** Two records as the target reads them. */
function pair(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.of(first.length >> 8, first.length & 255, ...first, ...second);
}

/** The bytes of a small image as the target reads them: size, resolution, one pixel a byte, instruction set. */
function images(widthPx: number, heightPx: number): Uint8Array {
  return Uint8Array.of(widthPx - 32, heightPx - 32, 1, 244, 0, 2, ...draw(4, widthPx, heightPx).pixels);
}

async function records(header: Header): Promise<Uint8Array[]> {
  const image = { widthPx: 200, heightPx: 240, xResolution: 197, yResolution: 197 };
  const { views } = await readRecord((await extractFinger(draw(5, 200, 240))).template.bytes);
  const written = (position: number, count: number, extended: readonly number[]): ViewFields => ({
    position,
    quality: 60,
    minutiae: (views[0]?.minutiae ?? [])
      .slice(0, count)
      .map(({ x, y, quality }) => ({ kind: 1, x, y, angle: x % 180, quality })),
    extended: Uint8Array.from(extended),
  });
  return [
    writeViews(header, image, [written(7, 30, [])]),
    writeViews(header, image, [written(2, 5, [2, 33, 0, 2, 1, 2]), written(1, 3, [1, 1, 0, 4])]),
    writeViews(header, { ...image, xResolution: 394, yResolution: 120 }, [written(0, 0, [])]),
  ];
}

/** Every kind of symbol, a restart marker, more than one block, a comment. */
function restarted(): Uint8Array {
  return writeWsq({
    widthPx: 64,
    heightPx: 64,
    shift: 128,
    scale: 1.2,
    bins: { 0: 5, 3: 8, 52: 20, 59: 3 },
    blocks: [
      [[220], [101, 200, 8], [104, 300, 16], { restart: 0 }, [5]],
      [[105, 200, 8], [106, 47, 16], [107]],
      [[100], [100], [55], [254]],
    ],
    comment: 'NIST_COM 2\nPPI 500',
    restartInterval: 3,
  });
}
