import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { Fault } from '../../main/contract/fault.ts';
import type { PageImage } from '../../main/document/ocr/page-image.ts';
import { openRecogniser } from '../../main/document/ocr/recogniser.ts';
import { type PageReading, readPage } from '../../main/document/ocr/zone-reader.ts';
import { modelsDir, prepareModels } from '../../models/prepare.ts';

/** The day that settles centuries: the one the drawn documents are of. */
const today = '2026-11-25';
const threads = 2;

/** What came of a set of pictures. */
export interface MrzTally {
  documents: number;
  /** Read with every line as in the transcript. */
  right: number;
  /** Read, but not as in the transcript. */
  wrong: number;
  readonly unread: Map<string, number>;
  lines: number;
  rightLines: number;
  characters: number;
  /** Insertions, deletions and substitutions that would make the lines those of the transcript. */
  characterErrors: number;
  /** Repairs by what proved them, and how many of them are as in the transcript. */
  readonly repairs: Map<string, { made: number; right: number }>;
  /** Wrong characters of read documents, and how many of them were told as doubts. */
  wrongCharacters: number;
  doubted: number;
  readonly times: number[];
}

export function newTally(): MrzTally {
  const counts = { documents: 0, right: 0, wrong: 0, lines: 0, rightLines: 0, characters: 0, characterErrors: 0 };
  return { ...counts, wrongCharacters: 0, doubted: 0, unread: new Map(), repairs: new Map(), times: [] };
}

/** Adds what one picture gave; `truth` is its transcript. */
export function tally(to: MrzTally, reading: PageReading | Fault, truth: readonly string[], ms: number): void {
  to.documents++;
  to.times.push(ms);
  to.lines += truth.length;
  const lines = reading instanceof Fault ? [] : reading.kind === 'read' ? reading.document.lines : reading.lines;
  for (const [index, line] of truth.entries()) {
    to.characters += line.length;
    to.characterErrors += distance(lines[index] ?? '', line);
    if (lines[index] === line) to.rightLines++;
  }
  if (reading instanceof Fault || reading.kind === 'unread') {
    const why = reading instanceof Fault ? reading.code : reading.why;
    to.unread.set(why, (to.unread.get(why) ?? 0) + 1);
    return;
  }
  const isWrong = (line: number, at: number) => lines[line]?.charAt(at) !== truth[line]?.charAt(at);
  for (const { line, at, by } of reading.repairs) {
    const count = to.repairs.get(by) ?? { made: 0, right: 0 };
    to.repairs.set(by, { made: count.made + 1, right: count.right + Number(!isWrong(line, at)) });
  }
  if (lines.join() === truth.join()) to.right++;
  else to.wrong++;
  for (const [line, text] of lines.entries()) {
    for (let at = 0; at < text.length; at++) {
      if (!isWrong(line, at)) continue;
      to.wrongCharacters++;
      if (reading.doubts.some((doubt) => doubt.line === line && doubt.at === at)) to.doubted++;
    }
  }
}

/** Edit distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at++) {
    const next = [at];
    for (let to = 1; to <= other.length; to++) {
      const kept = row[to - 1]! + Number(one[at - 1] !== other[to - 1]);
      next.push(Math.min(kept, row[to]! + 1, next[to - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Decodes what sharp knows, turned as its orientation mark says; what it cannot decode is `image.malformed`. */
export async function decodePage(bytes: Uint8Array): Promise<PageImage> {
  const decode = async () => {
    const decoded = sharp(bytes).autoOrient().flatten({ background: '#fff' }).toColourspace('srgb').raw();
    return decoded.toBuffer({ resolveWithObject: true });
  };
  const { data, info } = await decode().catch((error: unknown) => {
    throw Fault.from(error, 'image.malformed');
  });
  const channels = info.channels === 1 ? 1 : 3;
  return { widthPx: info.width, heightPx: info.height, channels, pixels: new Uint8Array(data) };
}

/**
 * Reads the zones of folders of pictures, each with its lines in a text file of the same name, and prints how many
 * characters, lines and documents are right, by which repairs, and milliseconds. Throws for a folder without such pairs.
 */
export async function evaluate(dirs: readonly string[]): Promise<void> {
  await prepareModels(modelsDir, () => {});
  const recogniser = await openRecogniser(modelsDir, threads);
  for (const dir of dirs) {
    const result = newTally();
    for (const name of readdirSync(dir)
      .filter((name) => /\.(png|jpe?g|tiff?|webp)$/i.test(name))
      .toSorted()) {
      const transcript = join(dir, name.replace(/\.\w+$/, '.txt'));
      const truth = readFileSync(transcript, 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
      const image = await decodePage(readFileSync(join(dir, name))).catch((error: unknown) => Fault.from(error));
      const begun = performance.now();
      const reading =
        image instanceof Fault
          ? image
          : await readPage(image, today, recogniser).catch((error: unknown) => Fault.from(error));
      tally(result, reading, truth, performance.now() - begun);
    }
    if (result.documents === 0) throw new Error(`${dir}: no pictures`);
    for (const line of describe(result)) console.log(`${basename(dir)}: ${line}`);
  }
  await recogniser.close();
}

function describe(result: MrzTally): string[] {
  const { documents, right, wrong, lines, rightLines, characters, characterErrors, times } = result;
  const share = (part: number, of: number) => `${part} of ${of} (${((100 * part) / of).toFixed(2)} %)`;
  const list = <T>(map: Map<string, T>, say: (value: T) => string) =>
    [...map].map(([name, value]) => `${name} ${say(value)}`).join(', ') || 'none';
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(0);
  return [
    `documents right ${share(right, documents)}, read but wrong ${wrong}, unread: ${list(result.unread, String)}`,
    `lines right ${share(rightLines, lines)}, characters wrong ${share(characterErrors, characters)}`,
    `repairs: ${list(result.repairs, ({ made, right }) => `${made} (${right} right)`)}`,
    `wrong characters in read documents: ${result.wrongCharacters}, of which told as doubts ${result.doubted}`,
    `ms: median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}, on ${threads} threads`,
  ];
}
