import { latinise } from '../../../main/document/latinise.ts';
import type { ListedIdentity, NameQuery } from '../../../main/watchlist/names/name-index.ts';
import { wholeBirthDate } from './birth-dates.ts';
import { drawCrowd } from './crowd.ts';
import { foreignLanguages } from './foreign.ts';
import { slips } from './slips.ts';

/** Asks for somebody who is on the list. */
export interface Question {
  readonly kind: string;
  readonly query: NameQuery;
  readonly identity: number;
}

const queriesEach = 500;

/** People of other scripts as the list has them, in places from this one on, and how their passports spell them. */
export function foreigners(
  from: number,
  random: () => number,
  each = queriesEach,
): { listed: ListedIdentity[]; questions: Question[] } {
  const listed: ListedIdentity[] = [];
  const questions: Question[] = [];
  for (const { script, draw } of foreignLanguages)
    for (let n = 0; n < each; n++) {
      const birthDate = wholeBirthDate(random);
      const { native, spell } = draw(random);
      const { name, by } = spell(random);
      // Two in three are listed as at home, the others in Latin letters by another country's ways.
      const other = n % 3 === 2 ? spell(random).name : native;
      listed.push({ ...other, birthDate });
      const kind = other === native ? `${script}, ${by}` : `${script}, two spellings`;
      questions.push({ kind, query: { ...name, birthDate }, identity: from + n });
    }
  return { listed, questions: questions.map((question, at) => ({ ...question, identity: from + at })) };
}

/** Names in Latin letters of any country. */
export const inLatin = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u;

/** People of a list as travellers, with the slips of `slips.ts`. */
export function misspelt(listed: readonly ListedIdentity[], random: () => number, each = queriesEach): Question[] {
  const questions: Question[] = [];
  for (const [kind, slip] of Object.entries(slips))
    for (let tried = 0, made = 0; made < each && tried < each * 100; tried++) {
      const { identity, zone } = drawListed(listed, random);
      const query = slip(zone, random);
      if (!query) continue;
      questions.push({ kind, query, identity });
      made++;
    }
  return questions;
}

/** Somebody of a list whose name is in Latin letters, as their zone has them. */
export function drawListed(listed: readonly ListedIdentity[], random: () => number) {
  for (;;) {
    const identity = Math.floor(random() * listed.length);
    const { surname, givenNames, birthDate } = listed[identity]!;
    if (inLatin.test(surname + givenNames))
      return { identity, zone: { surname: latinise(surname), givenNames: latinise(givenNames), birthDate } };
  }
}

/** Travellers of whom none is on a list but by chance, as their zones have them. */
export function strangers(count: number, random: () => number): NameQuery[] {
  // Nobody's zone is in another script.
  return drawCrowd(2 * count, random)
    .filter(({ surname, givenNames }) => inLatin.test(surname + givenNames))
    .slice(0, count)
    .map(({ surname, givenNames }) => ({
      surname: latinise(surname),
      givenNames: latinise(givenNames),
      birthDate: wholeBirthDate(random),
    }));
}
