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

test('Cyrillic letters are those of the general column of table 6.B', () => {
  const table =
    'ЁE ЂD ЄIE ЅDZ ІI ЇI ЈJ ЉLJ ЊNJ ЌK ЎU ЏDZ АA БB ВV ГG ДD ЕE ЖZH ЗZ ИI ЙI КK ЛL МM НN ОO ПP РR СS ТT УU ФF ХKH ЦTS ЧCH ' +
    'ШSH ЩSHCH ЪIE ЫY Ь ЭE ЮIU ЯIA ѪU ѴY ҐG ҒG ҺC';
  for (const row of table.split(' ')) {
    const [letter = '', ...latin] = Array.from(row);
    assert.equal(latinise(letter), latin.join(''), letter);
    assert.equal(latinise(letter.toLowerCase()), latin.join(''), letter.toLowerCase());
  }
});

test('every Latin letter of Europe’s alphabets has letters of the zone, the plain one where it has but a mark', () => {
  const marked = {
    A: 'ÀÁÂÃĀĂĄẢẠ',
    C: 'ÇĆĈĊČ',
    D: 'ĎĐÐ',
    E: 'ÈÉÊËĒĔĖĘĚ',
    G: 'ĜĞĠĢ',
    H: 'ĤĦ',
    I: 'ÌÍÎÏĨĪĬĮİı',
    J: 'Ĵ',
    K: 'Ķ',
    L: 'ĹĻĽĿŁ',
    N: 'ÑŃŅŇŊ',
    O: 'ÒÓÔÕŌŎŐ',
    R: 'ŔŖŘ',
    S: 'ŚŜŞŠȘ',
    T: 'ŢŤŦȚ',
    U: 'ÙÚÛŨŪŬŮŰŲ',
    W: 'Ŵ',
    Y: 'ÝŶŸ',
    Z: 'ŹŻŽ',
    AE: 'ÄÆ',
    AA: 'Å',
    OE: 'ÖØŒ',
    UE: 'Ü',
    TH: 'Þ',
    SS: 'ßẞ',
    IJ: 'Ĳ',
  };
  for (const [latin, letters] of Object.entries(marked)) {
    for (const letter of letters) assert.equal(latinise(letter), latin, letter);
  }
});

test('whatever is given, only words of A to Z come out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      assert.match(latinise(name), /^([A-Z]+( [A-Z]+)*)?$/);
    }),
    { numRuns: 1000 },
  );
});
