import { type LightPrompt, lightPrompts } from '../../main/contract/biometrics.ts';
import type { View } from '../../main/contract/traveller.ts';
import { fill, figure } from '../words/phrase.ts';
import { travellerWords } from '../words/languages.ts';
import type { TravellerWords } from '../words/traveller.ts';

/** What a stage says: a title, a sentence that helps, and which attempt this is where that matters. */
export interface Telling {
  readonly title: string;
  readonly hint: string;
  readonly attempt?: string;
}

/** The stages that speak one language. */
export type SpokenView = Exclude<View, { stage: 'attract' | 'language' | 'unavailable' }>;

/** The steps a traveller sees, in order. */
export const steps = ['document', 'face', 'finger', 'gate'] as const;
export type Step = (typeof steps)[number];

/** The step a stage belongs to; undefined where there is none to show. */
export function stepOf(stage: View['stage']): Step | undefined {
  switch (stage) {
    case 'document':
    case 'face':
    case 'finger':
      return stage;
    case 'challenge':
      return 'face';
    case 'checking':
    case 'passed':
      return 'gate';
    case 'attract':
    case 'language':
    case 'referred':
    case 'unavailable':
      return undefined;
  }
}

/** Whether the traveller may cancel or ask for an officer: not before the start, and not once the decision is being made. */
export function mayLeave(stage: View['stage']): boolean {
  return (
    stage === 'language' || stage === 'document' || stage === 'face' || stage === 'challenge' || stage === 'finger'
  );
}

function attemptOf(words: TravellerWords, language: string, view: { attempt: number; attempts: number }): string {
  const attempt = figure(language, view.attempt);
  return fill(words.attempt, { attempt, attempts: figure(language, view.attempts) });
}

/** The colour that the screen takes on in a challenge; undefined at any other time. */
export function lightOf(view: View): LightPrompt | undefined {
  return view.stage === 'challenge' ? lightPrompts.find((light) => light === view.prompt) : undefined;
}

/** What a view says to the traveller, in the traveller's language. */
export function tellingOf(view: SpokenView): Telling {
  const words = travellerWords[view.language];
  switch (view.stage) {
    case 'document': {
      const told = { title: words.document.title, hint: words.document.hints[view.hint] };
      return view.attempt > 1 ? { ...told, attempt: attemptOf(words, view.language, view) } : told;
    }
    case 'face':
      return { title: words.face.title, hint: words.face.hints[view.hint] };
    case 'challenge': {
      const { title, hints, prompts } = words.face;
      const prompt = lightOf(view) === undefined ? view.prompt : 'light';
      // A hint about where the face is comes first; else what is asked.
      const asked = view.hint === 'hold' || view.hint === 'straight';
      return { title, hint: asked ? prompts[prompt as keyof typeof prompts] : hints[view.hint] };
    }
    case 'finger':
      return {
        title: fill(words.finger.title, { finger: words.finger.names[view.position] }),
        hint: words.finger.hints[view.hint],
        attempt: attemptOf(words, view.language, view),
      };
    case 'checking':
    case 'passed':
    case 'referred':
      return { title: words[view.stage].title, hint: words[view.stage].text };
  }
}
