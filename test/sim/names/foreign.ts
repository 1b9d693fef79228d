import { allLocales } from '@faker-js/faker';
import { latinise } from '../../../main/document/latinise.ts';
import { drawChinese } from './chinese-names.ts';
import { drawKorean } from './korean-names.ts';
import { pick, Weighted, zipf } from './random.ts';
import { cyrillicTables, fromCyrillic, fromGreek, fromGreekByEar, ukrainianTable } from './romanisations.ts';
import { arabicFamily, arabicGiven, hebrewFamily, hebrewGiven, type SpeltName } from './semitic-names.ts';

interface TwoParts {
  readonly surname: string;
  readonly givenNames: string;
}

/** Somebody whose name is written in another script at home, and in Latin letters in one way or another. */
export interface ForeignPerson {
  readonly native: TwoParts;
  /** One of the ways in Latin letters, and what it is called. */
  readonly spell: (random: () => number) => { readonly name: TwoParts; readonly by: string };
}

/** A language of another script, its share of a crowd, and its people. */
export interface ForeignLanguage {
  readonly script: 'Cyrillic' | 'Greek' | 'Arabic' | 'Hebrew' | 'Chinese' | 'Korean';
  readonly share: number;
  readonly draw: (random: () => number) => ForeignPerson;
}

type Spelling = readonly [by: string, spell: (name: string) => string];

/** A language whose names faker (MIT) has, written in Latin letters by tables. */
function tabled(locale: 'ru' | 'uk' | 'el', spellings: readonly Spelling[]): ForeignLanguage['draw'] {
  type Gendered = Readonly<Partial<Record<'generic' | 'female' | 'male', readonly string[]>>>;
  const { last_name, first_name } = allLocales[locale].person as { last_name: Gendered; first_name: Gendered };
  const ranked = (names: readonly string[]) => new Weighted(names.map((name, at) => [name, zipf(at + 1, 20, 0.8)]));
  const genders = (['female', 'male'] as const).map((gender) => ({
    surnames: ranked([...(last_name.generic ?? []), ...(last_name[gender] ?? [])]),
    given: ranked([...(first_name.generic ?? []), ...(first_name[gender] ?? [])]),
  }));
  return (random) => {
    const { surnames, given } = pick(genders, random);
    const native = { surname: surnames.draw(random), givenNames: given.draw(random) };
    return {
      native,
      spell(chance) {
        const [by, spell] = pick(spellings, chance);
        return { by, name: { surname: spell(native.surname), givenNames: spell(native.givenNames) } };
      },
    };
  };
}

const countries = ['ICAO', 'English', 'German', 'French', 'Polish'] as const;
const cyrillic = countries.map((by, at): Spelling => [by, (name) => fromCyrillic(name, cyrillicTables[at]!)]);

/** A language whose spellings are written out. Arabic names also come by the table of Doc 9303 itself. */
function writtenOut(
  families: readonly SpeltName[],
  givens: readonly SpeltName[],
  byTable: boolean,
): ForeignLanguage['draw'] {
  return (random) => {
    const family = pick(families, random);
    const parts = Array.from({ length: random() < 0.5 ? 1 : 2 }, () => pick(givens, random));
    const native = { surname: family.native, givenNames: parts.map((part) => part.native).join(' ') };
    return {
      native,
      spell(chance) {
        if (byTable && chance() < 0.1) {
          const name = { surname: latinise(native.surname), givenNames: latinise(native.givenNames) };
          return { by: 'ICAO', name };
        }
        const givenNames = parts.map((part) => pick(part.latin, chance)).join(' ');
        return { by: 'customary', name: { surname: pick(family.latin, chance), givenNames } };
      },
    };
  };
}

/** The languages of other scripts, each with ways to write its names in Latin letters that are not the product's own. */
export const foreignLanguages: readonly ForeignLanguage[] = [
  { script: 'Cyrillic', share: 6, draw: tabled('ru', cyrillic) },
  {
    script: 'Cyrillic',
    share: 5,
    draw: tabled('uk', [...cyrillic, ['national', (name) => fromCyrillic(name, ukrainianTable)]]),
  },
  {
    script: 'Greek',
    share: 3,
    draw: tabled('el', [
      ['ELOT 743', fromGreek],
      ['by ear', fromGreekByEar],
    ]),
  },
  { script: 'Arabic', share: 6, draw: writtenOut(arabicFamily, arabicGiven, true) },
  { script: 'Hebrew', share: 2, draw: writtenOut(hebrewFamily, hebrewGiven, false) },
  { script: 'Chinese', share: 6, draw: drawChinese },
  { script: 'Korean', share: 3, draw: drawKorean },
];
