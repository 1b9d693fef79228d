import type { ReactNode } from 'react';
import type { Language } from '../../main/contract/traveller.ts';
import type { Notice } from '../words/traveller.ts';
import type { TravellerWords } from '../words/traveller.ts';
import { Phrase } from './phrase.tsx';
import { Stage } from './stage.tsx';

interface NoticeStageProps {
  readonly language: Language | null;
  readonly notice: (words: TravellerWords) => Notice;
  readonly drawing: ReactNode;
}

/** A screen that only says something; in every language when none is chosen. */
export function NoticeStage({ language, notice, drawing }: NoticeStageProps) {
  return (
    <Stage title={<Phrase language={language} say={(words) => notice(words).title} />} drawing={drawing}>
      <p className="hint" aria-live="polite">
        <Phrase language={language} say={(words) => notice(words).text} />
      </p>
    </Stage>
  );
}
