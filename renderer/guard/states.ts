import type { SourceFindings } from '../../main/contract/findings.ts';
import type { Language } from '../../main/contract/traveller.ts';
import { fill } from '../words/phrase.ts';
import type { SystemsWords } from '../words/systems.ts';
import { clockTime } from './hit-facts.ts';

/** How far a source has got, in words. */
export function stateOf({ state, by, since, hits }: SourceFindings, words: SystemsWords, language: Language): string {
  const time = since && clockTime(since, language);
  const told = state === 'complete' ? (hits.length > 0 ? words.found : words.nothing) : words.states[state];
  return [told, ...(by === 'direct' ? [words.directly] : []), ...(time ? [fill(words.since, { time })] : [])].join(
    ' · ',
  );
}
