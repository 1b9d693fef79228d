import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameIndex } from '../../../main/watchlist/names/name-index.ts';
import { defaultNameThreshold } from '../../../main/watchlist/watchlist.ts';

/** Pairs of spellings of one name, as documents of different countries and alphabets give them. */
const spellings: [surname: string, given: string, otherSurname: string, otherGiven: string][] = [
  ['AL HASSAN', 'MUHAMMAD', 'ALHASSAN', 'MOHAMED'],
  ['EL HASAN', 'MOHAMMED', 'HASSAN', 'MUHAMMAD'],
  ['YOUSSEF', 'KHALED', 'YUSUF', 'KHALID'],
  ['QADDAFI', 'MUAMMAR', 'GADHAFI', 'MOAMMAR'],
  ['MUELLER', 'JOERG', 'Müller', 'Jörg'],
  ['MULLER', 'JORG', 'Müller', 'Jörg'],
  ['IVANOV', 'ALEKSANDR', 'IVANOFF', 'ALEXANDER'],
  ['SHEVCHENKO', 'OLEKSANDR', 'Шевченко', 'Александр'],
  ['KHRUSHCHEV', 'NIKITA', 'Хрущёв', 'Никита'],
  ['TCHAIKOVSKY', 'PIOTR', 'Чайковский', 'Пётр'],
  ['ABDELRAHMAN', 'OMAR', 'ABD EL RAHMAN', 'OMAR'],
  ['ABD AL RAHMAN', 'UMAR', 'ABDURRAHMAN', 'OMAR'],
  ['GARCIA LOPEZ', 'ANNE MARIE', 'GARCIA LOPEZ', 'ANNEMARIE'],
  ['DE LA CRUZ', 'JUAN', 'DELACRUZ', 'JUAN'],
  ['NGUYEN', 'VAN AN', 'AN', 'NGUYEN VAN'],
  ['KOWALSKI', 'LUKASZ', 'Kowalski', 'Łukasz'],
  ['YILMAZ', 'SUKRU', 'Yılmaz', 'Şükrü'],
  ['VAN DER BERG', 'JAN', 'BERG', 'JAN'],
  ['MXHMD', 'AXHMD', 'محمد', 'احمد'],
  ['MOHAMMED', 'AHMED', 'محمد', 'احمد'],
];

test('known spellings of one name find each other, both ways', () => {
  const missed: string[] = [];
  for (const [surname, givenNames, otherSurname, otherGiven] of spellings) {
    const one = { surname, givenNames, birthDate: '1974-08-12' };
    const other = { surname: otherSurname, givenNames: otherGiven, birthDate: '1974-08-12' };
    for (const [listed, asked] of [
      [one, other],
      [other, one],
    ] as const) {
      if (new NameIndex([listed]).search(asked, defaultNameThreshold).length === 0) {
        missed.push(`${asked.surname} ${asked.givenNames} / ${listed.surname} ${listed.givenNames}`);
      }
    }
  }
  assert.deepEqual(missed, []);
});

test('a name cut off by the machine readable zone is found', () => {
  const listed = { surname: 'WICKRAMASINGHE RATNAYAKE', givenNames: 'CHANDRASEKHARA KUMARA', birthDate: '1970-01-02' };
  const asked = { ...listed, givenNames: 'CHANDRASEKHA', truncated: true };
  assert.equal(new NameIndex([listed]).search(asked, defaultNameThreshold).length, 1);
});

test('another name, or another birth date, is not found', () => {
  const index = new NameIndex([{ surname: 'ERIKSSON', givenNames: 'ANNA MARIA', birthDate: '1974-08-12' }]);
  const ask = (surname: string, givenNames: string, birthDate: string) =>
    index.search({ surname, givenNames, birthDate }, defaultNameThreshold).map((match) => match.birthDate);
  assert.deepEqual(ask('ERIKSSON', 'ANNA MARIA', '1974-08-12'), ['exact']);
  assert.deepEqual(ask('ERIKSSON', 'ANNA MARIA', '1974-12-08'), ['swapped']);
  assert.deepEqual(ask('ERIKSSON', 'ANNA MARIA', '1984-08-12'), ['one-digit']);
  assert.deepEqual(ask('ERIKSSON', 'ANNA MARIA', '1974'), ['partial']);
  assert.deepEqual(ask('ERIKSSON', 'ANNA MARIA', ''), ['unknown']);
  assert.deepEqual(ask('ERIKSSON', 'ANNA MARIA', '1961-03-30'), []);
  assert.deepEqual(ask('LINDQVIST', 'ANNA MARIA', '1974-08-12'), []);
  assert.deepEqual(ask('ERIKSSON', 'GUNNAR', '1974-08-12'), []);
  assert.deepEqual(ask('', '', ''), []);
});
