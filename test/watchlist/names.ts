import type { ListedIdentity } from '../../main/watchlist/names/name-index.ts';

/** Random numbers in [0, 1) that a seed repeats (mulberry32). */
export function synthesize(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const given = (
  'MOHAMED AHMED ALI OMAR YOUSSEF KHALED FATIMA AISHA MARIA ANNA JOHN DAVID MICHAEL PETER PAUL THOMAS LAURA SOFIA ELENA ' +
  'IVAN ALEKSANDR DMITRI SERGEI NATALIA OLGA JOSE CARLOS JUAN LUIS CARMEN PIERRE JEAN CLAIRE HANS JUERGEN KLAUS INGRID ' +
  'LARS ERIK AKIRA YUKI WEI MING LI NGOC THANH SUKRU MEHMET EMRE RAJESH PRIYA SANJAY KWAME CHIDI AMINA JOAO PEDRO'
).split(' ');
const heads =
  'BA BRE CHAR DA DEL FER GAR GON HAM IBRA JAN KA KHA KO KU LE LIN MA MAR MO MUL NA NOV O PA PE RA RO SA SCH SE SHA SO STE TA TRA VA VAL WA YA ZA'.split(
    ' ',
  );
const middles = 'BER DI LA LO MA MI NA NE NI RA RE RI RO SA SHI TA TE TI VA ZI LI KO'.split(' ');
const ends = 'N NI S SEN SON EZ OV EV IN KO SKI DI R RO T TI LA MAN BERG STEIN NER ZADE OGLU YAN IAN A I O'.split(' ');

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError('an empty list');
  return item;
}

/** Identities with made-up surnames, common given names, and birth dates of which one in ten is a year or unknown. */
export function syntheticIdentities(count: number, random: () => number): ListedIdentity[] {
  return Array.from({ length: count }, () => {
    const middle = Array.from({ length: Math.floor(random() * 3) }, () => pick(middles, random)).join('');
    const surname = pick(heads, random) + middle + pick(ends, random);
    const givenNames = random() < 0.4 ? `${pick(given, random)} ${pick(given, random)}` : pick(given, random);
    const day = new Date(-6e11 + random() * 1.7e12).toISOString().slice(0, 10);
    const known = random();
    return { surname, givenNames, birthDate: known < 0.05 ? '' : known < 0.1 ? day.slice(0, 4) : day };
  });
}

/** A name with so many random slips: a letter put in, left out, replaced or crossed with its neighbour. */
export function typo({ surname, givenNames }: ListedIdentity, edits: number, random: () => number) {
  let name = `${surname}/${givenNames}`;
  for (let done = 0; done < edits;) {
    const at = Math.floor(random() * name.length);
    const letter = String.fromCharCode(65 + Math.floor(random() * 26));
    if (!/[A-Z]/.test(name.charAt(at))) continue;
    const kind = Math.floor(random() * 4);
    const [before, here, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
    if (kind === 3 && !/^[A-Z]/.test(after)) continue;
    name =
      [before + letter + here + after, before + after, before + letter + after][kind] ??
      before + after.charAt(0) + here + after.slice(1);
    done++;
  }
  const [misspelt = '', misspeltGiven = ''] = name.split('/');
  return { surname: misspelt, givenNames: misspeltGiven };
}
