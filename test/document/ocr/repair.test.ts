import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DocumentFormat } from '../../../main/contract/document.ts';
import { checkDigit } from '../../../main/document/check-digit.ts';
import { layouts } from '../../../main/document/layout.ts';
import { type Cells, likeliest } from '../../../main/document/ocr/cells.ts';
import { characters } from '../../../main/document/ocr/recogniser.ts';
import { decode } from '../../../main/document/ocr/zone-reader.ts';
import { printDocument } from '../../sim/document/printed.ts';

const today = '2026-11-25';
const formats = Object.keys(layouts) as DocumentFormat[];

/** A misread character: where, what the network takes it for, and how sure it is of that. */
interface Misread {
  readonly line: number;
  readonly at: number;
  readonly seen: string;
  readonly odds: number;
}

/** What a network saw that is sure of every character but those misread. */
function zoneOf(lines: readonly string[], misreads: readonly Misread[] = []): Cells[] {
  return lines.map((text, line) => ({
    fit: 0,
    places: [...Array.from(text).keys()],
    empty: [],
    odds: Array.from(text, (character, at) => {
      const odds = new Float32Array(characters.length).fill(1e-4);
      const wrong = misreads.find((misread) => misread.line === line && misread.at === at);
      odds[characters.indexOf(character)] = wrong ? 1 - wrong.odds : 1;
      if (wrong) odds[characters.indexOf(wrong.seen)] = wrong.odds;
      return odds;
    }),
  }));
}

const specimen = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const repairsOf = (misreads: readonly Misread[], lines = specimen) => decode(zoneOf(lines, misreads), today);

test('what is seen without doubt is read without a repair; only O and 0 in the optional data of visas stay in doubt', () => {
  for (const format of formats) {
    for (let seed = 0; seed < 40; seed++) {
      const { lines } = printDocument(format, seed);
      const reading = decode(zoneOf(lines), today);
      assert.equal(reading.kind, 'read', lines.join('\n'));
      assert.deepEqual(reading.repairs, []);
      const unguarded = format.startsWith('MRV') ? Array.from(lines[1]!.slice(28).replaceAll(/[^0O]/g, '')) : [];
      assert.deepEqual(reading.kind === 'read' && reading.doubts.map(({ given }) => given), unguarded);
      assert.deepEqual(reading.kind === 'read' && reading.document.lines, lines);
    }
  }
});

test('a digit among letters and a letter among digits become what they look like, and it is told', () => {
  const misreads = [
    { line: 0, at: 4, seen: '0', odds: 0.97 },
    { line: 1, at: 13, seen: 'T', odds: 0.999 },
    { line: 1, at: 14, seen: 'A', odds: 0.9 },
  ];
  const reading = repairsOf(misreads);
  assert.equal(reading.kind, 'read');
  assert.deepEqual(reading.kind === 'read' && reading.document.lines, specimen);
  assert.deepEqual(reading.repairs, [
    { line: 0, at: 4, read: '0', given: 'O', by: 'type' },
    { line: 1, at: 13, read: 'T', given: '7', by: 'type' },
    { line: 1, at: 14, read: 'A', given: '4', by: 'type' },
  ]);
});

test('a character of the number is repaired where its check digit proves it wrong, and it is told', () => {
  const reading = repairsOf([{ line: 1, at: 6, seen: 'Z', odds: 0.95 }]);
  assert.equal(reading.kind, 'read');
  assert.deepEqual(reading.repairs, [{ line: 1, at: 6, read: 'Z', given: '2', by: 'check-digit' }]);
});

test('where the network is not sure of a state, the reading that is one is given, and it is told', () => {
  const misreads = [
    { line: 0, at: 2, seen: 'V', odds: 0.7 },
    { line: 1, at: 12, seen: '0', odds: 0.9 },
    { line: 1, at: 11, seen: 'I', odds: 0.8 },
  ];
  const reading = repairsOf(misreads);
  assert.deepEqual(reading.kind === 'read' && reading.document.lines, specimen);
  assert.deepEqual(reading.repairs, [
    { line: 1, at: 12, read: '0', given: 'O', by: 'type' },
    { line: 0, at: 2, read: 'V', given: 'U', by: 'state' },
    { line: 1, at: 11, read: 'I', given: 'T', by: 'state' },
  ]);
});

test('a state that no list knows stays when the network is sure of it, and so does a known one that may be another', () => {
  const unknown = specimen.map((line) => line.replace('UTO', 'QTO'));
  assert.deepEqual(repairsOf([], unknown).repairs, []);
  const slovak = [specimen[0]!.replace('UTO', 'SVK'), specimen[1]!];
  // SVN is a state as well; nothing speaks against what was read.
  assert.deepEqual(repairsOf([{ line: 0, at: 4, seen: 'N', odds: 0.6 }], slovak).repairs, []);
});

/** The specimen with another number, all its check digits right. */
function withNumber(number: string): string[] {
  const rest = 'UTO7408122F1204159ZE184226B<<<<<1';
  const head = number + checkDigit(number);
  return [specimen[0]!, `${head}${rest}${checkDigit(head + rest.slice(3, 10) + rest.slice(11))}`];
}

test('six and G are ten apart: no check digit can tell them, so what was read stays, and it is a doubt', () => {
  const reading = decode(zoneOf(withNumber('L89896AC3'), [{ line: 1, at: 5, seen: 'G', odds: 0.8 }]), today);
  assert.equal(reading.kind, 'read');
  assert.deepEqual(reading.repairs, []);
  assert.deepEqual(reading.kind === 'read' && reading.doubts, [{ line: 1, at: 5, given: 'G', other: '6' }]);
});

test('where two repairs are as likely as each other none is made', () => {
  // One of two characters of the same weight is a zero that was seen as an O: the check digit cannot say which.
  const misread = withNumber('0AAOAAAAA').map((line) => line.replace('0AAO', 'OAAO'));
  const zone = zoneOf(misread);
  for (const at of [0, 3]) zone[1]!.odds[at]![characters.indexOf('0')] = 0.3;
  const reading = decode(zone, today);
  assert.deepEqual([reading.kind, reading.kind === 'unread' && reading.why], ['unread', 'check-digit']);
  assert.deepEqual(reading.repairs, []);
});

test('every difference between what was seen and what is given is among the repairs', () => {
  const misread = fc.record({
    line: fc.nat(2),
    at: fc.nat(43),
    seen: fc.constantFrom(...Array.from(characters)),
    odds: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
  });
  const zone = fc.tuple(fc.constantFrom(...formats), fc.nat(5000), fc.array(misread, { maxLength: 4 }));
  fc.assert(
    fc.property(zone, ([format, seed, misreads]) => {
      const cells = zoneOf(printDocument(format, seed).lines, misreads);
      const seen = cells.map(likeliest);
      const reading = decode(cells, today);
      const given = reading.kind === 'read' ? reading.document.lines : reading.lines;
      const changed = seen.flatMap((line, index) =>
        Array.from(line).flatMap((character, at) => (given[index]?.charAt(at) === character ? [] : [`${index} ${at}`])),
      );
      assert.deepEqual(reading.repairs.map(({ line, at }) => `${line} ${at}`).toSorted(), changed.toSorted());
      if (reading.kind === 'read') assert.ok(reading.checks.every(({ valid }) => valid));
    }),
    { numRuns: 300 },
  );
});
