import { allLocales } from '@faker-js/faker';
import type { ForeignPerson } from './foreign.ts';
import { pick, Weighted } from './random.ts';

const initials = 'G KK N D TT R M B PP S SS - J JJ CH K T P H'.split(' ');
const vowels = 'A AE YA YAE EO E YEO YE O WA WAE OE YO U WO WE WI YU EU UI I'.split(' ');
const finals = '- K K K N N N T L K M L L L P L M P P T T NG T T K T P T'.split(' ');
const firstSyllable = 0xac00;

/** Revised Romanisation of a syllable of Hangul, without what neighbours do to one another. */
export function revised(syllable: string): string {
  const code = syllable.charCodeAt(0) - firstSyllable;
  const [initial, vowel, final] = [Math.floor(code / 588), Math.floor((code % 588) / 28), code % 28];
  return [initials[initial], vowels[vowel], finals[final]].join('').replaceAll('-', '');
}

/** Surnames, how passports write them, and how many of a hundred people bear each (census of 2015, rounded). */
const surnames = new Weighted(
  `김 KIM GIM|21.5,이 LEE YI RHEE|14.7,박 PARK BAK PAK|8.4,최 CHOI CHOE|4.7,정 JUNG JEONG CHUNG|4.3,강 KANG GANG|2.4
조 CHO JO|2.1,윤 YOON YUN|2.1,장 JANG CHANG|2,임 LIM IM|1.7,한 HAN|1.6,오 OH O|1.5,서 SEO SUH|1.5,신 SHIN SIN|1.5
권 KWON GWON|1.4,황 HWANG|1.4,안 AHN AN|1.4,송 SONG|1.4,전 JEON JUN|1.1,홍 HONG|1.1,유 YOO YU|1,고 KO GO|0.9
문 MOON MUN|0.9,양 YANG|0.9,손 SON SOHN|0.9,배 BAE PAE|0.8,백 BAEK PAIK|0.8,허 HUH HEO|0.7,남 NAM|0.6,노 NOH ROH|0.6`
    .split(/[\n,]/)
    .map((row) => {
      const [spellings = '', share = ''] = row.split('|');
      const [native = '', ...latin] = spellings.split(' ');
      return [{ native, latin }, Number(share)] as const;
    }),
);

const person = allLocales.ko.person as { first_name: Readonly<Record<string, readonly string[]>> };
const given = [...new Set(Object.values(person.first_name).flat())].filter((name) => /^[가-힣]{2}$/.test(name));

/** What passports make of a syllable where they do not follow the Revised Romanisation. */
const customs: readonly (readonly [RegExp, readonly string[]])[] = [
  [/YEO(?=N|NG)/, ['YU', 'YOU', 'YO']],
  [/YEO/, ['YU', 'YO']],
  [/EO/, ['U', 'O', 'EO']],
  [/EU/, ['U', 'EU']],
  [/UI/, ['EE', 'I', 'UI']],
  [/^U$/, ['WOO', 'U']],
  [/(?<![AEIOUY])U(?=$|N)/, ['OO', 'U']],
  [/^G/, ['K', 'G']],
  [/^I$/, ['YI', 'LEE', 'I']],
];

function customary(syllable: string, chance: () => number): string {
  return customs.reduce((text, [from, to]) => text.replace(from, () => pick(to, chance)), revised(syllable));
}

/** McCune and Reischauer's romanisation without its marks, as North Korea and older documents have it. */
function mccune(syllable: string): string {
  return revised(syllable)
    .replace(/^G/, 'K')
    .replace(/^D/, 'T')
    .replace(/^B/, 'P')
    .replace(/^J/, 'CH')
    .replace('EO', 'O')
    .replace('EU', 'U');
}

/** Somebody Korean: surname, and two syllables of a given name, joined, or apart as many passports have them. */
export function drawKorean(random: () => number): ForeignPerson {
  const surname = surnames.draw(random);
  const name = pick(given, random);
  return {
    native: { surname: surname.native, givenNames: name },
    spell(chance) {
      const way = chance();
      const between = chance() < 0.5 ? '' : ' ';
      const write = (syllable: (native: string) => string) => Array.from(name, syllable).join(between);
      if (way < 0.35) return { by: 'Revised', name: { surname: surname.latin[0]!, givenNames: write(revised) } };
      if (way < 0.85) {
        const givenNames = write((syllable) => customary(syllable, chance));
        return { by: 'customary', name: { surname: pick(surname.latin, chance), givenNames } };
      }
      return {
        by: 'McCune-Reischauer',
        name: { surname: surname.native === '이' ? 'YI' : mccune(surname.native), givenNames: write(mccune) },
      };
    },
  };
}
