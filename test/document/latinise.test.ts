import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latinise } from '../../main/document/latinise.ts';

test('names are transliterated by the ICAO tables', () => {
  const cases: Record<string, string> = {
    Müller: 'MUELLER',
    Weiß: 'WEISS',
    Ångström: 'AANGSTROEM',
    Øvergård: 'OEVERGAARD',
    'Núñez Peña': 'NUNEZ PENA',
    Łukasiewicz: 'LUKASIEWICZ',
    'Đặng Thị Hương': 'DANG THI HUONG',
    'İbrahim Yıldız': 'IBRAHIM YILDIZ',
    Þórður: 'THORDUR',
    "O'Connor-Smith": 'OCONNOR SMITH',
    Щербаков: 'SHCHERBAKOV',
    'Юлия Ёлкина': 'IULIIA ELKINA',
    // Worked example of part 3, appendix B.
    'ابو بكر محمد بن زكريا الرازي': 'ABW BKR MXHMD BN ZKRYA ALRAZY',
    فاطمة: 'FAXTTMXAH',
    محمّد: 'MXHMMD',
    '  ': '',
    王伟: '',
  };
  for (const [name, latin] of Object.entries(cases)) assert.equal(latinise(name), latin, name);
});

test('whatever is given, only words of A to Z come out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      assert.match(latinise(name), /^([A-Z]+( [A-Z]+)*)?$/);
    }),
    { numRuns: 1000 },
  );
});
