import type { FaceHint, FingerHint, FingerPosition } from '../../main/contract/biometrics.ts';
import type { DocumentHint } from '../../main/contract/document.ts';
import type { Plural } from './phrase.ts';

/** A screen that says what to do: one title, one sentence. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** All that the traveller's screen says, in one language. Braces mark what is filled in. */
export interface TravellerWords {
  /** The language's name in itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly greeting: string;
  readonly begin: string;
  readonly chooseLanguage: string;
  readonly progress: string;
  readonly steps: { readonly document: string; readonly face: string; readonly finger: string; readonly gate: string };
  /** `{attempt}` and `{attempts}`. */
  readonly attempt: string;
  readonly document: {
    readonly title: string;
    readonly hints: Readonly<Record<DocumentHint, string>>;
    /** Where a camera reads the document instead of a reader with a glass. */
    readonly camera: {
      readonly title: string;
      readonly picture: string;
      readonly hints: Readonly<Record<DocumentHint, string>>;
    };
  };
  readonly face: {
    readonly title: string;
    readonly picture: string;
    readonly progress: string;
    readonly noCamera: string;
    /** What a challenge asks; one sentence for every colour of the screen. */
    readonly prompts: Readonly<Record<'centre' | 'turn-left' | 'turn-right' | 'light', string>>;
    readonly hints: Readonly<Record<FaceHint, string>>;
  };
  readonly finger: {
    /** `{finger}`. */
    readonly title: string;
    /** The finger as the object of the title. */
    readonly names: Readonly<Record<FingerPosition, string>>;
    readonly hints: Readonly<Record<FingerHint, string>>;
  };
  readonly checking: Notice;
  readonly passed: Notice;
  readonly referred: Notice;
  readonly unavailable: Notice;
  readonly moment: Notice;
  /** `{seconds}`, said as a plural. */
  readonly warning: { readonly title: string; readonly left: Plural; readonly stay: string };
  readonly cancel: string;
  readonly officer: string;
  readonly contrast: string;
  readonly largerText: string;
}
