import type { DocumentFormat } from '../../../main/contract/document.ts';
import { stream } from '../finger/random.ts';
import type { PrintedDocument } from './printed.ts';

/** Width and height in millimetres (ICAO Doc 9303 parts 4 to 7). */
export const documentSizes: Readonly<Record<DocumentFormat, readonly [number, number]>> = {
  TD1: [85.6, 54],
  TD2: [105, 74],
  TD3: [125, 88],
  'MRV-A': [120, 80],
  'MRV-B': [105, 74],
};

/** Characters stand 2.54 mm apart, lines 6.35 mm (ICAO Doc 9303 part 3, 4.2); OCR-B's characters are 0.7224 em wide. */
const pitchMm = 2.54;
const linePitchMm = 6.35;
const emMm = pitchMm / 0.7224;

/** How a document's page is made. */
export interface Paper {
  /** How dark the pattern behind the zone is, 0 to 1. */
  readonly pattern: number;
  /** Grey of the print, 0 to 255. */
  readonly ink: number;
}

/** Where the zone lies on the page: left, top, width and height in millimetres, with a little room about it. */
export function zoneOf({ format, lines }: PrintedDocument): readonly [number, number, number, number] {
  const [width, height] = documentSizes[format];
  const zone = (lines[0]?.length ?? 0) * pitchMm;
  const tall = linePitchMm * lines.length + 3;
  return [(width - zone) / 2 - 3, height - bottomMm - tall + 4, zone + 6, tall];
}

const bottomMm = 7.5;

/** A document's page as SVG of `pxPerMm`: a portrait, fields in small print, fine lines, and the zone. Any text is OCR-B. */
export function drawDocument(document: PrintedDocument, paper: Paper, pxPerMm: number, seed: number): string {
  const { format, lines, printed } = document;
  const random = stream(seed, 78);
  const [width, height] = documentSizes[format];
  const between = (from: number, to: number) => from + random() * (to - from);
  const tint = `hsl(${between(0, 360).toFixed(0)} ${between(5, 45).toFixed(0)}% ${between(86, 96).toFixed(0)}%)`;
  const parts: string[] = [`<rect width="${width}" height="${height}" rx="2.5" fill="${tint}"/>`];
  for (let wave = 0; wave < 26; wave++) parts.push(waves(wave, width, height, paper.pattern, between));
  const portrait = { x: between(4, 9), y: between(9, 14), width: width * 0.25, height: height * 0.42 };
  const { x, y } = portrait;
  // A TD1 card has its zone on the back, where no portrait is.
  if (format !== 'TD1') {
    const [middle, shoulders] = [x + portrait.width / 2, y + portrait.height];
    parts.push(
      `<rect x="${x}" y="${y}" width="${portrait.width}" height="${portrait.height}" fill="#b9c3cc"/>`,
      `<ellipse cx="${middle}" cy="${y + portrait.height * 0.45}" rx="${portrait.width * 0.26}" ry="${portrait.height * 0.3}" fill="#8a6a55"/>`,
      `<path d="M${x} ${shoulders} q${portrait.width / 2} ${-portrait.height * 0.5} ${portrait.width} 0 z" fill="#34405a"/>`,
    );
  }
  const fields = [
    printed.code,
    printed.issuingState,
    printed.number,
    lines.join('').replaceAll('<', ' ').slice(5, 28),
    printed.nationality,
    printed.birthDate,
    printed.sex,
    printed.expiryDate,
  ];
  const column = x + portrait.width + 5;
  const rows = height - bottomMm - linePitchMm * lines.length - 12;
  const room = Math.floor(rows / 4.4);
  for (const [index, field] of fields.slice(0, room).entries()) {
    const at = 9 + (index * rows) / Math.min(room, fields.length);
    parts.push(text(column, at, 1.5, 0.8, '#667', 'field / champ / campo'.slice(0, 5 + (index % 3) * 8)));
    parts.push(text(column, at + 2.9, 2.5, 0.8, '#223', field));
  }
  parts.push(text(column, 5.5, 3.4, 0.75, '#334a7a', 'PASSPORT CARD VISA'.slice(0, 8 + (seed % 3) * 5)));
  const ink = `rgb(${paper.ink},${paper.ink},${paper.ink + 6})`;
  const left = (width - (lines[0]?.length ?? 0) * pitchMm) / 2;
  for (const [index, line] of lines.entries()) {
    const baseline = height - bottomMm - (lines.length - 1 - index) * linePitchMm;
    parts.push(text(left, baseline, emMm, 1, ink, line));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(width * pxPerMm)}" height="${Math.round(height * pxPerMm)}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`;
}

function text(x: number, y: number, size: number, stretch: number, fill: string, content: string): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text transform="translate(${x} ${y}) scale(${stretch} 1)" font-family="OCR B" font-size="${size}" fill="${fill}" xml:space="preserve">${safe}</text>`;
}

/** A line of the background: a wave with a wave on it, from edge to edge. */
function waves(
  index: number,
  width: number,
  height: number,
  strength: number,
  between: (from: number, to: number) => number,
): string {
  const middle = (index / 25) * height;
  const [long, short] = [between(20, 60), between(5, 12)];
  const [swing, ripple] = [between(2, 7), between(0.3, 1.2)];
  const points: string[] = [];
  for (let x = 0; x <= width; x += 0.7) {
    const y = middle + swing * Math.sin(x / long + index * 0.4) + ripple * Math.sin(x / short + index);
    points.push(`${x.toFixed(2)},${y.toFixed(2)}`);
  }
  const colour = `hsl(${between(0, 360).toFixed(0)} 40% 45%)`;
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="${between(0.15, 0.4).toFixed(2)}" stroke-opacity="${strength.toFixed(2)}"/>`;
}
