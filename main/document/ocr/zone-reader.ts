import { findModel, thresholdOf } from '../../../models/manifest.ts';
import type { DocumentFormat, TravelDocument } from '../../contract/document.ts';
import { layouts } from '../layout.ts';
import { type Check, type Malformation, readMrz } from '../mrz.ts';
import { type Band, findBands } from './band-finder.ts';
import { alignCells, type Cells, likeliest } from './cells.ts';
import { looksLikeFiller } from './filler.ts';
import { greyOf, type PageImage } from './page-image.ts';
import { type LineReader, openLineReader, type ReadLine } from './line-reader.ts';
import type { Plane } from './plane.ts';
import { characters, type Recogniser, stepPx } from './recogniser.ts';
import { repair, type Repair, typesOf } from './repair.ts';

/** A character that the network was not sure of, after all repairs: where, what is given, and what else it may be. */
export interface Doubt {
  readonly line: number;
  readonly at: number;
  readonly given: string;
  readonly other: string;
}

/** A zone read off a picture: every check digit holds. What was repaired is told, and what no check digit vouches for. */
export interface ReadZone {
  readonly kind: 'read';
  readonly document: TravelDocument;
  readonly checks: readonly Check[];
  readonly repairs: readonly Repair[];
  readonly doubts: readonly Doubt[];
}

/** Why a picture gave no document: no zone in it, print too poor to read, lines that are none, or a check digit that fails. */
export interface UnreadZone {
  readonly kind: 'unread';
  readonly why: 'no-zone' | 'illegible' | 'check-digit' | Malformation;
  /** What was read all the same; none where no zone was found. */
  readonly lines: readonly string[];
  readonly repairs: readonly Repair[];
  /** With `check-digit`: what it would say, and which check digits hold. */
  readonly document?: TravelDocument;
  readonly checks?: readonly Check[];
}

export type PageReading = ReadZone | UnreadZone;

/** How well lines must fit to be taken for a zone's, and for one that stands upright. */
const leastFit = thresholdOf(findModel('pp-ocrv4-recognition'), 'fit');
/** How many lines the network is asked to read before a picture is given up. */
const mostReads = 12;
/** A character is in doubt when another that may stand there is this likely. */
const doubtfulOdds = 0.1;
/** The share of characters in doubt above which nothing is read: of all, and of a line's. */
const mostDoubtful = 0.15;
const mostDoubtfulInLine = 0.2;

/**
 * Finds and reads the machine readable zone in a picture of a page, or of the zone alone, however it is turned. `today`
 * is `YYYY-MM-DD` and settles the centuries. Faults: `image.malformed`.
 */
export async function readPage(image: PageImage, today: string, recogniser: Recogniser): Promise<PageReading> {
  const grey = greyOf(image);
  try {
    return await readGrey(grey, today, recogniser);
  } finally {
    if (grey.values !== image.pixels) grey.values.fill(0);
  }
}

async function readGrey(grey: Plane, today: string, recogniser: Recogniser): Promise<PageReading> {
  let best: UnreadZone = { kind: 'unread', why: 'no-zone', lines: [], repairs: [] };
  const lines = openLineReader(grey, recogniser);
  for (const band of findBands(grey)) {
    // The likeliest band is taken to stand upright.
    const zone = await readBand(band, lines, lines.reads === 0);
    if (zone) {
      const reading = decode(zone, today);
      if (reading.kind === 'read') return reading;
      if (rank(reading) > rank(best)) best = reading;
    } else if (best.why === 'no-zone' && lines.reads > 0) best = { ...best, why: 'illegible' };
    if (lines.reads >= mostReads) break;
  }
  return best;
}

function rank({ why }: UnreadZone): number {
  if (why === 'no-zone') return 0;
  return why === 'illegible' ? 1 : why === 'check-digit' ? 3 : 2;
}

/**
 * Reads a band's lines, upright or, where they are no print that way, upside down: all at once where that is likely to be
 * worth it, else the first before the others.
 */
async function readBand({ strokes }: Band, reader: LineReader, atOnce: boolean): Promise<Cells[] | undefined> {
  const lengths = strokes.length === 3 ? [30] : [36, 44];
  const isPrint = ({ sighting }: ReadLine) =>
    Math.max(...lengths.map((length) => alignCells(sighting, length)?.fit ?? -Infinity)) >= leastFit;
  for (const flipped of [false, true]) {
    const ordered = flipped ? strokes.toReversed() : strokes;
    const parts = atOnce && !flipped ? [ordered] : [ordered.slice(0, 1), ordered.slice(1)];
    const zone: ReadLine[] = [];
    for (const part of parts) {
      const lines = await reader.read(part, flipped);
      if (!lines) return undefined;
      zone.push(...lines);
      if (!lines.every(isPrint)) break;
    }
    if (zone.length === strokes.length && zone.every(isPrint)) return alignAll(zone, lengths);
  }
  return undefined;
}

/** Of the cells in which nothing was seen only those stay empty that do not look like the line's filler either. */
function withHoles(cells: Cells, line: Plane): Cells {
  const columnOf = (place: number) => (place + 0.5) * stepPx;
  const filler = characters.indexOf('<');
  const sure = cells.places.filter((_, cell) => !cells.empty.includes(cell) && cells.odds[cell]![filler]! > 0.9);
  const isHole = (cell: number) => !looksLikeFiller(line, columnOf(cells.places[cell]!), sure.map(columnOf));
  const empty = cells.empty.filter(isHole);
  return { ...cells, empty };
}

/** The lines of a zone are equally long: the length that suits all of them best. */
function alignAll(zone: readonly ReadLine[], lengths: readonly number[]): Cells[] | undefined {
  const [best] = lengths
    .map((length) => zone.map(({ sighting }) => alignCells(sighting, length)).filter((cells) => cells !== undefined))
    .filter((cells) => cells.length === zone.length && totalFit(cells) >= leastFit * cells.length)
    .toSorted((one, other) => totalFit(other) - totalFit(one));
  return best?.map((cells, index) => withHoles(cells, zone[index]!.line));
}

function totalFit(zone: readonly Cells[]): number {
  return zone.reduce((sum, { fit }) => sum + fit, 0);
}

/** Decodes aligned lines, repaired where position or check digits prove them wrong. */
export function decode(zone: readonly Cells[], today: string): PageReading {
  const read = zone.map(likeliest);
  const format = formatOf(zone);
  if (!format) return { kind: 'unread', why: 'line-length', lines: read, repairs: [] };
  const { lines, repairs } = repair(zone, read, format);
  const reading = readMrz(lines, today);
  if (reading.kind === 'malformed') return { kind: 'unread', why: reading.why, lines, repairs };
  const { document, checks } = reading;
  if (reading.kind === 'check-digit') return { kind: 'unread', why: 'check-digit', lines, repairs, document, checks };
  // What is covered is not read: a character beside may have been taken for it, and filler for a name's end.
  if (zone.some(({ empty }) => empty.length > 0)) return { kind: 'unread', why: 'illegible', lines, repairs };
  const unsure = unsureOf(zone, lines, format);
  // Check digits hold by chance one time in ten: they vouch for nothing where every other character is a guess, and for
  // nothing at all in a line that has none.
  const isGuess = (doubts: number, most: number, of: string) => doubts > most * of.length;
  if (
    isGuess(unsure.length, mostDoubtful, lines.join('')) ||
    lines.some((text, line) => isGuess(unsure.filter((doubt) => doubt.line === line).length, mostDoubtfulInLine, text))
  )
    return { kind: 'unread', why: 'illegible', lines, repairs };
  const doubts = [...unsure, ...zeros(lines, format, unsure)];
  return { kind: 'read', document, checks, repairs, doubts };
}

/** The format of this size whose first letter is likeliest. */
function formatOf(zone: readonly Cells[]): DocumentFormat | undefined {
  const first = zone[0]?.odds[0];
  const likely = (format: DocumentFormat) =>
    Math.max(...Array.from(layouts[format].codes, (letter) => first?.[characters.indexOf(letter)] ?? 0));
  return (Object.keys(layouts) as DocumentFormat[])
    .filter((format) => layouts[format].lines === zone.length && layouts[format].length === zone[0]?.odds.length)
    .toSorted((one, other) => likely(other) - likely(one))[0];
}

/** Characters beside which another that may stand there is nearly as likely. */
function unsureOf(zone: readonly Cells[], lines: readonly string[], format: DocumentFormat): Doubt[] {
  const types = typesOf(format);
  return lines.flatMap((text, line) =>
    Array.from(text).flatMap((given, at) => {
      const odds = zone[line]!.odds[at]!;
      const likely = (character: string) => odds[characters.indexOf(character)]!;
      const [other] = Array.from(types[line]![at]!)
        .filter((character) => character !== given)
        .toSorted((one, another) => likely(another) - likely(one));
      return other && likely(other) >= doubtfulOdds * likely(given) ? [{ line, at, given, other }] : [];
    }),
  );
}

/** Where letters and digits may stand and no check digit vouches, O and 0 are not told apart by how sure the network is. */
function zeros(lines: readonly string[], format: DocumentFormat, told: readonly Doubt[]): Doubt[] {
  const { optional, composite } = layouts[format];
  if (composite) return [];
  return optional.flatMap(([line, start, end]) =>
    Array.from(lines[line]!.slice(start, end)).flatMap((given, index) => {
      const at = start + index;
      if (!'0O'.includes(given) || told.some((doubt) => doubt.line === line && doubt.at === at)) return [];
      return [{ line, at, given, other: given === '0' ? 'O' : '0' }];
    }),
  );
}
