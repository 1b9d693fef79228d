import type { Language } from '../../main/contract/traveller.ts';
import { TickIcon } from '../parts/icons.tsx';
import { figure } from '../words/phrase.ts';
import { travellerWords } from '../words/languages.ts';
import { steps, type Step } from './telling.ts';

/** The way through the gate: which steps are done, and which is now. */
export function Steps({ language, now }: { readonly language: Language; readonly now: Step }) {
  const words = travellerWords[language];
  const current = steps.indexOf(now);
  return (
    <ol className="steps" aria-label={words.progress}>
      {steps.map((step, index) => {
        const state = index < current ? 'done' : index === current ? 'now' : 'ahead';
        return (
          <li key={step} className={`step step-${state}`} aria-current={index === current ? 'step' : undefined}>
            <span className="step-mark">{state === 'done' ? <TickIcon /> : figure(language, index + 1)}</span>
            <span className="step-name">{words.steps[step]}</span>
          </li>
        );
      })}
    </ol>
  );
}
