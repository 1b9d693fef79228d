import { Language, languages } from '../../main/contract/traveller.ts';
import { systemsWords } from '../words/systems-languages.ts';

interface LanguageChoiceProps {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

/** In which language the guard reads what the central systems say. */
export function LanguageChoice({ language, choose }: LanguageChoiceProps) {
  return (
    <select
      className="language-choice"
      aria-label={systemsWords[language].language}
      value={language}
      onChange={(event) => choose(Language.parse(event.target.value))}
    >
      {languages.map((each) => (
        <option key={each} value={each} lang={each}>
          {systemsWords[each].name}
        </option>
      ))}
    </select>
  );
}
