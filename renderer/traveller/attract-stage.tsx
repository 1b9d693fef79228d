import { Button } from 'react-aria-components';
import { languages } from '../../main/contract/traveller.ts';
import { travellerWords } from '../words/languages.ts';
import { GateDrawing } from './drawings.tsx';
import { Phrase } from './phrase.tsx';

/** Waits for a traveller: a greeting in every language; a touch anywhere begins. */
export function AttractStage({ begin }: { readonly begin: () => void }) {
  return (
    <main className="stage attract">
      <h1>
        {languages.map((language) => (
          <span key={language} lang={language} dir={travellerWords[language].direction}>
            {travellerWords[language].greeting}
          </span>
        ))}
      </h1>
      <div className="picture">
        <GateDrawing />
      </div>
      <Button className="begin" onPress={begin}>
        <Phrase language={null} say={(words) => words.begin} />
      </Button>
    </main>
  );
}
