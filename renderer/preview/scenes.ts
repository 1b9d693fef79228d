import type { Language, View, Warning } from '../../main/contract/traveller.ts';

/** A picture of the traveller's screen: what the kiosk tells. */
export interface Scene {
  readonly view: View;
  readonly warning: Warning;
}

const box = { x: 0.38, y: 0.26, width: 0.24, height: 0.5 };

function still(view: View): Scene {
  return { view, warning: null };
}

/** Every stage of the traveller's screen, in a language. */
export function travellerScenes(language: Language): Readonly<Record<string, Scene>> {
  const document = { stage: 'document', language, attempt: 1, attempts: 3 } as const;
  const face = { stage: 'face', language } as const;
  const challenge = { stage: 'challenge', language, hint: 'hold', box } as const;
  const finger = { stage: 'finger', language, attempts: 3 } as const;
  return {
    attract: still({ stage: 'attract' }),
    language: still({ stage: 'language' }),
    'language-warned': { view: { stage: 'language' }, warning: { secondsLeft: 15 } },
    document: still({ ...document, hint: 'place' }),
    'document-hold': still({ ...document, hint: 'hold' }),
    'document-again': still({ ...document, hint: 'again', attempt: 2 }),
    'document-turn': still({ ...document, hint: 'turn' }),
    'document-camera': still({ ...document, hint: 'place' }),
    'document-camera-wait': still({ ...document, hint: 'wait' }),
    'document-wait': still({ ...document, hint: 'wait' }),
    'document-warned': { view: { ...document, hint: 'place' }, warning: { secondsLeft: 20 } },
    face: still({ ...face, hint: 'find', box: null, progress: 0 }),
    'face-hold': still({ ...face, hint: 'hold', box, progress: 0.6 }),
    'face-mouth': still({ ...face, hint: 'mouth', box, progress: 0 }),
    'face-uncover': still({ ...face, hint: 'uncover', box, progress: 0 }),
    'face-uncover-eyes': still({ ...face, hint: 'uncover-eyes', box, progress: 0 }),
    'challenge-straight': still({ ...challenge, prompt: 'centre', progress: 0.1 }),
    'challenge-left': still({ ...challenge, prompt: 'turn-left', progress: 0.2 }),
    'challenge-right': still({ ...challenge, prompt: 'turn-right', progress: 0.4 }),
    'challenge-red': still({ ...challenge, prompt: 'red', progress: 0.7 }),
    'challenge-green': still({ ...challenge, prompt: 'green', progress: 0.8 }),
    'challenge-blue': still({ ...challenge, prompt: 'blue', progress: 0.9 }),
    finger: still({ ...finger, hint: 'place', position: 'right-index', attempt: 1 }),
    'finger-again': still({ ...finger, hint: 'press-harder', position: 'left-middle', attempt: 3 }),
    'finger-hold': still({ ...finger, hint: 'hold', position: 'right-thumb', attempt: 2 }),
    'finger-any': still({ ...finger, hint: 'place', position: 'unknown', attempt: 1 }),
    checking: still({ stage: 'checking', language }),
    passed: still({ stage: 'passed', language }),
    referred: still({ stage: 'referred', language }),
    unavailable: still({ stage: 'unavailable', language: null }),
    'unavailable-told': still({ stage: 'unavailable', language }),
  };
}
