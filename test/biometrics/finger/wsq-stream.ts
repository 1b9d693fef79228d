/** A symbol of the entropy-coded data and the number that follows it. */
export type Coded = readonly [symbol: number, number?: number, bits?: number];

/** A WSQ image to be written. Blocks hold coded symbols; `restart` in their place makes a restart marker. */
export interface WsqFields {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly shift: number;
  readonly scale: number;
  /** Bin width of each subband, 0 where none is given; the bin about zero is twice as wide. */
  readonly bins: Readonly<Record<number, number>>;
  readonly blocks: readonly (readonly (Coded | { readonly restart: number })[])[];
  readonly comment?: string;
  readonly restartInterval?: number;
}

/** The share of a bin's width at which the stream's coefficients are put back. */
export const binCentre = 0.5;

const low = [0.852698679, 0.377402856, -0.110624404, -0.023849465, 0.037828456];
const high = [0.788485616, -0.418092273, -0.040689418, 0.064538883];

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
const u32 = (value: number): number[] => [...u16(Math.floor(value / 65536)), ...u16(value % 65536)];
const segment = (marker: number, content: readonly number[]): number[] => [
  ...u16(marker),
  ...u16(2 + content.length),
  ...content,
];
const scaled = (value: number): number[] => [2, ...u16(Math.round(value * 100))];
const tap = (value: number): number[] => [value < 0 ? 1 : 0, 9, ...u32(Math.round(Math.abs(value) * 1e9))];

/** Writes a WSQ image segment by segment, apart from the addon's own writer: codes of eight bits, one a symbol. */
export function writeWsq(fields: WsqFields): Uint8Array {
  const symbols = [
    ...new Set(fields.blocks.flatMap((block) => block.flatMap((item) => ('restart' in item ? [] : [item[0]])))),
  ];
  if (symbols.length === 0) symbols.push(1);
  const bins = Array.from({ length: 64 }, (_, band) => fields.bins[band] ?? 0);
  const { comment, restartInterval } = fields;
  return Uint8Array.from([
    ...u16(0xffa0),
    ...(comment === undefined ? [] : segment(0xffa8, [...Buffer.from(comment, 'latin1')])),
    ...segment(0xffa4, [9, 7, ...low.flatMap(tap), ...high.flatMap(tap)]),
    ...segment(0xffa5, [...scaled(binCentre), ...bins.flatMap((bin) => [...scaled(bin), ...scaled(2 * bin)])]),
    ...segment(0xffa2, [
      0,
      255,
      ...u16(fields.heightPx),
      ...u16(fields.widthPx),
      ...scaled(fields.shift),
      ...scaled(fields.scale),
      0,
      ...u16(0),
    ]),
    ...segment(0xffa6, [0, 0, 0, 0, 0, 0, 0, 0, symbols.length, 0, 0, 0, 0, 0, 0, 0, 0, ...symbols]),
    ...(restartInterval === undefined ? [] : segment(0xffa7, u16(restartInterval))),
    ...fields.blocks.flatMap((block) => [...segment(0xffa3, [0]), ...coded(block, symbols)]),
    ...u16(0xffa1),
  ]);
}

function coded(block: WsqFields['blocks'][number], symbols: readonly number[]): number[] {
  const bytes: number[] = [];
  for (const item of block) {
    if ('restart' in item) {
      bytes.push(0xff, 0xb0 + item.restart);
      continue;
    }
    const [symbol, number = 0, bits = 0] = item;
    const whole = [symbols.indexOf(symbol), ...(bits === 16 ? u16(number) : bits === 8 ? [number] : [])];
    for (const byte of whole) bytes.push(...(byte === 0xff ? [0xff, 0] : [byte]));
  }
  return bytes;
}
