import { Button } from 'react-aria-components';
import { languages, type Language } from '../../main/contract/traveller.ts';
import { travellerWords } from '../words/languages.ts';
import { GlobeDrawing } from './drawings.tsx';
import { Phrase } from './phrase.tsx';
import { Stage } from './stage.tsx';

/** Asks for the language; each is named in itself. */
export function LanguageStage({ choose }: { readonly choose: (language: Language) => void }) {
  const choices = languages.map((language) => (
    <Button
      key={language}
      className="choice"
      lang={language}
      dir={travellerWords[language].direction}
      onPress={() => choose(language)}
    >
      {travellerWords[language].name}
    </Button>
  ));
  return (
    <Stage
      title={<Phrase language={null} say={(words) => words.chooseLanguage} />}
      drawing={<GlobeDrawing />}
      choices={choices}
    />
  );
}
