import { useState, type ReactNode } from 'react';
import { Language, languages } from '../../main/contract/traveller.ts';
import { staffLanguages } from '../words/staff-languages.ts';
import { LanguageContext, useLanguage } from './language.ts';

type ByLanguage<T> = Readonly<Record<Language, T>>;

/** In which language a member of staff reads the window. */
function LanguageChoice({ choose }: { readonly choose: (language: Language) => void }) {
  const language = useLanguage();
  return (
    <select
      className="language-choice"
      aria-label={staffLanguages[language].choose}
      value={language}
      onChange={(event) => choose(Language.parse(event.target.value))}
    >
      {languages.map((each) => (
        <option key={each} value={each} lang={each}>
          {staffLanguages[each].name}
        </option>
      ))}
    </select>
  );
}

interface StaffWindowProps {
  readonly page: 'guard' | 'technician';
  readonly words: ByLanguage<{ readonly title: string }>;
  /** What is always in sight, beside the title. */
  readonly bar?: ReactNode;
  readonly children: ReactNode;
}

/** A window of guards or technicians: its title, its bar, and all of it in the language that is chosen there. */
export function StaffWindow({ page, words, bar, children }: StaffWindowProps) {
  const [language, setLanguage] = useState<Language>('en');
  return (
    <LanguageContext value={language}>
      <div className="window" data-page={page} lang={language} dir={staffLanguages[language].dir}>
        <title>{words[language].title}</title>
        <header className="bar">
          <h1>{words[language].title}</h1>
          {bar}
          <LanguageChoice choose={setLanguage} />
        </header>
        {children}
      </div>
    </LanguageContext>
  );
}

/** What a window says that could not be drawn: in every language, since the one that was chosen is lost with it. */
export function WindowAway({
  words,
}: {
  readonly words: ByLanguage<{ readonly away: { readonly title: string; readonly text: string } }>;
}) {
  return (
    <main className="notice" role="alert">
      {languages.map((each) => (
        <section key={each} lang={each} dir={staffLanguages[each].dir}>
          <h1>{words[each].away.title}</h1>
          <p>{words[each].away.text}</p>
        </section>
      ))}
    </main>
  );
}
