import type { Language } from '../../main/contract/traveller.ts';
import { languages } from '../../main/contract/traveller.ts';
import { travellerWords } from '../words/languages.ts';
import type { TravellerWords } from '../words/traveller.ts';

/** A sentence in the traveller's language, or in each when none is chosen yet. */
export function Phrase({
  language,
  say,
}: {
  readonly language: Language | null;
  readonly say: (words: TravellerWords, language: Language) => string;
}) {
  if (language) return say(travellerWords[language], language);
  return (
    <span className="phrases">
      {languages.map((each) => (
        <span key={each} lang={each} dir={travellerWords[each].direction}>
          {say(travellerWords[each], each)}
        </span>
      ))}
    </span>
  );
}
