import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DocumentFormat, TravelDocument } from '../../main/contract/document.ts';
import { latinise } from '../../main/document/latinise.ts';
import { layouts } from '../../main/document/layout.ts';
import { type CheckedField, readMrz } from '../../main/document/mrz.ts';
import { writeMrz } from '../sim/document/mrz.ts';

const today = '2026-11-24';
const formats = Object.keys(layouts) as DocumentFormat[];

/** The specimens printed in ICAO Doc 9303 parts 4 to 7, and what they say. */
const specimens = [
  {
    lines: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
    says: { format: 'TD3', number: 'L898902C3', birthDate: '1974-08-12', optionalData: 'ZE184226B' },
  },
  {
    lines: ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
    says: { format: 'TD1', number: 'D23145890', birthDate: '1974-08-12', optionalData: '' },
  },
  {
    lines: ['I<UTOD23145890<7349<<<<<<<<<<<', '3407127M9507122UTO<<<<<<<<<<<2', 'STEVENSON<<PETER<JOHN<<<<<<<<<'],
    says: { format: 'TD1', number: 'D23145890734', birthDate: '1934-07-12', surname: 'STEVENSON' },
  },
  {
    lines: ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'],
    says: { format: 'TD2', number: 'D23145890', expiryDate: '2012-04-15', sex: 'F' },
  },
  {
    lines: ['I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<', 'D23145890<UTO3407127M95071227349<<<8'],
    says: { format: 'TD2', number: 'D23145890734', expiryDate: '1995-07-12', givenNames: 'PETER JOHN' },
  },
  {
    lines: ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<'],
    says: { format: 'MRV-A', number: 'L8988901C', birthDate: '1940-09-07', optionalData: '6ZE184226B' },
  },
  {
    lines: ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<'],
    says: { format: 'MRV-B', number: 'L8988901C', nationality: 'XXX', expiryDate: '1996-12-10' },
  },
];

test('the published specimens are read with every check digit valid', () => {
  for (const { lines, says } of specimens) {
    const reading = readMrz(lines, today);
    assert.equal(reading.kind, 'read');
    assert.partialDeepStrictEqual(reading.document, says);
    assert.deepEqual(reading.document.lines, lines);
  }
});

test('any one character read wrong in a checked field is noticed', () => {
  const [{ lines: [upper = '', lower = ''] } = { lines: [] }] = specimens;
  const wrong = (at: number, to: string) => lower.slice(0, at) + to + lower.slice(at + 1);
  for (let at = 0; at < 10; at++) {
    for (const to of '0123456789') {
      // Weight 7, 3 and 1 see every digit for digit; letters may alias modulo 10, which is the code's own limit.
      if (!/\d/.test(lower.charAt(at)) || lower.charAt(at) === to) continue;
      assert.equal(readMrz([upper, wrong(at, to)], today).kind, 'check-digit');
    }
  }
});

const letters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')), minLength, maxLength });
const words = fc.array(letters(1, 6), { minLength: 1, maxLength: 2 }).map((list) => list.join(' '));
const number = (format: DocumentFormat) =>
  fc.string({
    unit: fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')),
    minLength: 1,
    maxLength: { TD1: 23, TD2: 15, TD3: 9, 'MRV-A': 9, 'MRV-B': 9 }[format],
  });
const plainDate = (min: string, max: string) =>
  fc
    .date({ min: new Date(min), max: new Date(max), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
const born = fc
  .tuple(plainDate('1927-01-01', today), fc.constantFrom(0, 4, 7, 10))
  .map(([date, length]) => date.slice(0, length));

const printed = fc.constantFrom(...formats).chain((format) =>
  fc.record({
    format: fc.constant(format),
    code: fc
      .constantFrom(...Array.from(layouts[format].codes))
      .chain((first) => letters(0, 1).map((second) => first + second)),
    issuingState: letters(1, 3),
    nationality: letters(0, 3),
    number: number(format),
    surname: words,
    givenNames: fc.oneof(words, fc.constant('')),
    birthDate: born,
    sex: fc.constantFrom('M', 'F', 'X'),
    expiryDate: plainDate('1978-01-01', '2076-12-31'),
  }),
);

test('what is written is read back, in every format', () => {
  fc.assert(
    fc.property(printed, ({ format, ...document }) => {
      const lines = writeMrz(format, document);
      const reading = readMrz(lines, today);
      assert.equal(reading.kind, 'read');
      assert.deepEqual(reading.document, { ...document, format, optionalData: '', lines });
      TravelDocument.parse(reading.document);
    }),
    { numRuns: 500 },
  );
});

test('a spoilt check digit is named', () => {
  const fields: CheckedField[] = ['number', 'birth-date', 'expiry-date', 'optional-data', 'composite'];
  fc.assert(
    fc.property(printed, fc.constantFrom(...fields), ({ format, ...document }, spoil) => {
      const reading = readMrz(writeMrz(format, document, spoil), today);
      assert.notEqual(reading.kind, 'malformed');
      if (reading.kind === 'malformed' || !reading.checks.some(({ field }) => field === spoil)) return;
      assert.equal(reading.kind, 'check-digit');
      assert.ok(reading.checks.some(({ field, valid }) => field === spoil && !valid));
    }),
  );
});

test('no input makes the reader throw, and what it reads always fits the contract', () => {
  const character = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...Array.from('ABCPIV0123456789<<<<')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  );
  const line = fc
    .constantFrom(30, 36, 44, 7)
    .chain((length) => fc.array(character, { minLength: length, maxLength: length }).map((list) => list.join('')));
  const mutant = fc
    .tuple(printed, fc.nat(2), fc.nat(43), character)
    .map(([{ format, ...document }, line, at, to]) =>
      writeMrz(format, document).map((text, n) => (n === line ? text.slice(0, at) + to + text.slice(at + 1) : text)),
    );
  fc.assert(
    fc.property(fc.oneof(fc.array(line, { maxLength: 4 }), mutant), (lines) => {
      const reading = readMrz(lines, today);
      if (reading.kind !== 'malformed') TravelDocument.parse(reading.document);
    }),
    { numRuns: 2000 },
  );
});

function swap(text: string, at: number, to: string): string {
  return text.slice(0, at) + to + text.slice(at + to.length);
}

test('what is no machine readable zone is said to be so', () => {
  const [upper = '', lower = ''] = specimens[0]?.lines ?? [];
  const cases: [readonly string[], string][] = [
    [[], 'line-count'],
    [[upper], 'line-count'],
    [[upper, lower.slice(1)], 'line-length'],
    [['', ''], 'line-length'],
    [[upper.toLowerCase(), lower], 'character'],
    [[swap(upper, 0, 'X'), lower], 'document-code'],
    [[swap(upper, 1, '4'), lower], 'document-code'],
    [[swap(upper, 2, '<<<'), lower], 'issuing-state'],
    [[swap(upper, 5, '<'), lower], 'name'],
    [[swap(upper, 6, '1'), lower], 'name'],
    [[upper, swap(lower, 0, '<<<<<<<<<0')], 'number'],
    [[upper, swap(lower, 10, '1')], 'nationality'],
    [[upper, swap(lower, 13, '740231')], 'birth-date'],
    [[upper, swap(lower, 20, 'Q')], 'sex'],
    [[upper, swap(lower, 21, '12<<<<')], 'expiry-date'],
  ];
  for (const [lines, why] of cases) assert.deepEqual(readMrz(lines, today), { kind: 'malformed', why });
});

test('a name without secondary identifier, and one that fills its field, are read', () => {
  const document = {
    code: 'P',
    issuingState: 'D',
    nationality: 'GBN',
    number: 'C01X00T47',
    givenNames: '',
    surname: 'ARKFREITH',
    birthDate: '1964-08-12',
    sex: 'X',
    expiryDate: '2030-01-01',
  } as const;
  const plain = readMrz(writeMrz('TD3', document), today);
  assert.partialDeepStrictEqual(plain, { document: { surname: 'ARKFREITH', givenNames: '', issuingState: 'D' } });
  const long = readMrz(
    writeMrz('TD3', { ...document, surname: 'A'.repeat(30), givenNames: 'NILAVADHANANANDA' }),
    today,
  );
  assert.partialDeepStrictEqual(long, { document: { surname: 'A'.repeat(30), givenNames: 'NILAVAD' } });
});

const nameLetters = fc.constantFrom(...Array.from("AÉÖßŁØñ'’-. ЖЩЮяمحة"));
const anyName = fc.string({ unit: nameLetters, minLength: 1, maxLength: 40 }).filter((name) => latinise(name) !== '');

test('any name comes back in the letters of the zone: hyphens part it, apostrophes join it, and what has no room is cut off', () => {
  fc.assert(
    fc.property(
      printed,
      anyName,
      fc.oneof(anyName, fc.constant('')),
      ({ format, ...document }, surname, givenNames) => {
        const reading = readMrz(writeMrz(format, { ...document, surname, givenNames }), today);
        assert.equal(reading.kind, 'read');
        const [, start, end] = layouts[format].name;
        const whole = `${latinise(surname)}  ${latinise(givenNames)}`.slice(0, end - start).replaceAll(' ', '<');
        const [primary = '', secondary = ''] = whole.split('<<');
        assert.equal(reading.document.surname, primary.replaceAll('<', ' ').trim());
        assert.equal(reading.document.givenNames, secondary.replaceAll('<', ' ').trim());
        assert.ok(!/^ | $| {2}/.test(reading.document.surname + reading.document.givenNames));
      },
    ),
    { numRuns: 500 },
  );
});

test('names as Doc 9303 has them: parted by hyphens, joined over apostrophes, cut short, or with filler to spare', () => {
  const nameOf = (field: string) => {
    const reading = readMrz([`P<UTO${field.padEnd(39, '<')}`, specimens[0]!.lines[1]!], today);
    assert.ok(reading.kind === 'read');
    return [reading.document.surname, reading.document.givenNames];
  };
  assert.deepEqual(nameOf('SMITH<JONES<<SUSIE<MARGARET'), ['SMITH JONES', 'SUSIE MARGARET']);
  assert.deepEqual(nameOf('DARTAGNAN<<MARIE<ELISE'), ['DARTAGNAN', 'MARIE ELISE']);
  assert.deepEqual(nameOf('ARKFREITH'), ['ARKFREITH', '']);
  assert.deepEqual(nameOf('BENNELONG<WOOLOOMOOLOO<WARRANDYTE<<DIN<'), ['BENNELONG WOOLOOMOOLOO WARRANDYTE', 'DIN']);
  assert.deepEqual(nameOf('NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K'), ['NILAVADHANANANDA', 'CHAYAPA DEJTHAMRONG K']);
  assert.deepEqual(nameOf('PAPANDROPOULOUS<<JONATHON<<<ALEC'), ['PAPANDROPOULOUS', 'JONATHON ALEC']);
});
