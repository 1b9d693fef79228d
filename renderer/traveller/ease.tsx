import { ToggleButton } from 'react-aria-components';
import type { Language } from '../../main/contract/traveller.ts';
import { ContrastIcon, LettersIcon } from '../parts/icons.tsx';
import { travellerWords } from '../words/languages.ts';

/** What makes the screen easier to read; kept for one crossing, in memory only. */
export interface Ease {
  readonly contrast: boolean;
  readonly largerText: boolean;
}

interface EaseButtonsProps {
  readonly language: Language | null;
  readonly ease: Ease;
  readonly change: (ease: Ease) => void;
}

/** High contrast and larger text, always in the same corner. */
export function EaseButtons({ language, ease, change }: EaseButtonsProps) {
  const words = travellerWords[language ?? 'en'];
  return (
    <div className="ease">
      <ToggleButton
        className="button button-icon"
        aria-label={words.contrast}
        isSelected={ease.contrast}
        onChange={(contrast) => change({ ...ease, contrast })}
      >
        <ContrastIcon />
      </ToggleButton>
      <ToggleButton
        className="button button-icon"
        aria-label={words.largerText}
        isSelected={ease.largerText}
        onChange={(largerText) => change({ ...ease, largerText })}
      >
        <LettersIcon />
      </ToggleButton>
    </div>
  );
}
