import type { View } from '../contract/traveller.ts';
import type { Limits, State } from './journey.ts';

/** What the traveller's screen shows of a state: no name, no score, no reason. */
export function viewOf(state: State, limits: Limits): View {
  switch (state.stage) {
    case 'attract':
    case 'language':
      return { stage: state.stage };
    case 'unavailable':
      return { stage: 'unavailable', language: null };
    case 'document': {
      const { stage, attempt, hint } = state;
      return { stage, hint, attempt, attempts: limits.documentAttempts, language: languageOf(state) };
    }
    case 'face': {
      const { stage, hint, box, progress } = state;
      return { stage, hint, box, progress, language: languageOf(state) };
    }
    case 'challenge': {
      const { stage, prompt, hint, box, progress } = state;
      return { stage, prompt, hint, box, progress, language: languageOf(state) };
    }
    case 'finger': {
      const { stage, attempt, hint, position } = state;
      return { stage, hint, position, attempt, attempts: limits.fingerPositions.length, language: languageOf(state) };
    }
    case 'deciding':
    case 'recording':
      return { stage: 'checking', language: languageOf(state) };
    case 'passed':
      return { stage: 'passed', language: languageOf(state) };
    case 'referred':
      return { stage: 'referred', language: state.language ?? 'en' };
  }
}

const languageOf = (state: Extract<State, { crossing: unknown }>) => state.crossing.language ?? 'en';
