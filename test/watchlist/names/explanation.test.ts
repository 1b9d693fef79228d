import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ListedIdentity, NameIndex, type NameQuery } from '../../../main/watchlist/names/name-index.ts';
import { summarise } from '../../../main/watchlist/names/explanation.ts';

function explained(asked: Omit<NameQuery, 'birthDate'>, listed: Omit<ListedIdentity, 'birthDate'>): string {
  const [match] = new NameIndex([{ ...listed, birthDate: '1980-02-03' }]).search(
    { ...asked, birthDate: '1980-03-02' },
    0.5,
  );
  assert.ok(match);
  return summarise(match.words, match.birthDate);
}

test('a hit says by what each word met one of the list, and how the birth dates agree', () => {
  const cases: [asked: Omit<NameQuery, 'birthDate'>, listed: [string, string], says: string][] = [
    [{ surname: 'ERIKSSON', givenNames: 'ANNA' }, ['Eriksson', 'Anna'], 'same same'],
    [{ surname: 'ERLKSSON', givenNames: 'ANNA' }, ['Eriksson', 'Anna'], 'slip same'],
    [{ surname: 'YOUSSEF', givenNames: 'KHALED' }, ['Yusuf', 'Khaled'], 'sound same'],
    [{ surname: 'COHEN', givenNames: 'DAVID' }, ['כהן', 'דוד'], 'consonants consonants'],
    [{ surname: 'KWOK', givenNames: 'MING' }, ['郭', '明'], 'equivalent same'],
    [{ surname: 'SMITH', givenNames: 'J' }, ['Smith', 'John'], 'same initial'],
    [{ surname: 'ABD EL RAHMAN', givenNames: 'OMAR' }, ['Abdelrahman', 'Omar'], 'same same'],
    [
      { surname: 'WICKRAMASINGHE', givenNames: 'CHANDRASEK', truncated: true },
      ['Wickramasinghe', 'Chandrasekhara'],
      'same cut',
    ],
    [{ surname: 'GARCIA', givenNames: 'MARIA CARMEN' }, ['García', 'María'], 'same same unmet'],
  ];
  for (const [asked, [surname, givenNames], says] of cases)
    assert.equal(
      explained(asked, { surname, givenNames }),
      `${says}; born swapped`,
      `${asked.surname} ${asked.givenNames}`,
    );
});

test('an explanation holds no letter of the list', () => {
  const index = new NameIndex([{ surname: 'QVIST', givenNames: 'Zoë', birthDate: '1980-02-03' }]);
  const [match] = index.search({ surname: 'KVIST', givenNames: 'ZOE', birthDate: '1980-02-03' }, 0.5);
  assert.ok(match);
  assert.doesNotMatch(JSON.stringify([match, summarise(match.words, match.birthDate)]), /QVIST|Zo|ZOE|1980/i);
});
