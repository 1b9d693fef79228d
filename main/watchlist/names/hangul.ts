const initials = 'G KK N D TT R M B PP S SS - J JJ CH K T P H'.split(' ');
const vowels = 'A AE YA YAE EO E YEO YE O WA WAE OE YO U WO WE WI YU EU UI I'.split(' ');
const finals = '- K K K N N N T L K M L L L P L M P P T T NG T T K T P T'.split(' ');
const first = 0xac00;
const last = 0xd7a3;
/** Syllables with the same initial, and with the same initial and vowel. */
const [ofInitial, ofVowel] = [588, 28];

/** Surnames that passports hardly ever write as the Revised Romanisation has them. */
const surnames = new Map(
  '김 KIM,이 LEE,리 LEE,박 PARK,최 CHOI,강 KANG,조 CHO,임 LIM,오 OH,우 WOO,권 KWON,노 ROH,고 KO,구 KOO,안 AHN,신 SHIN,심 SHIM,문 MOON,유 YOO,윤 YOON'
    .split(',')
    .map((pair) => [pair.charAt(0), pair.slice(2)] as const),
);

function syllable(letter: string): string {
  const code = letter.charCodeAt(0);
  if (code < first || code > last) return ' ';
  const at = code - first;
  const parts = [
    initials[Math.floor(at / ofInitial)],
    vowels[Math.floor((at % ofInitial) / ofVowel)],
    finals[at % ofVowel],
  ];
  return parts.join('').replaceAll('-', '');
}

/**
 * Syllables of Hangul in the Revised Romanisation of Korean, parted by spaces, without what neighbours do to one another.
 * `whole` says that the word may begin with a surname: alone, or before a given name; that is written as passports do.
 */
export function romaniseHangul(word: string, whole: boolean): string {
  const named = whole && word.length !== 2 ? surnames.get(word.charAt(0)) : undefined;
  const rest = Array.from(named === undefined ? word : word.slice(1), syllable);
  return [...(named === undefined ? [] : [named]), ...rest].join(' ');
}
