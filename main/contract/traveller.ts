import * as z from 'zod';
import { ChallengePrompt, FaceHint, FingerHint, FingerPosition } from './biometrics.ts';
import { CameraReport, Cameras, PagePicture } from './camera.ts';
import { DocumentHint } from './document.ts';
import { CameraFrame, Rect } from './image.ts';
import { call, tell } from './wire.ts';

/** The languages the screens speak. */
export const languages = ['en', 'fr', 'de', 'ar'] as const;
export const Language = z.enum(languages);
export type Language = z.infer<typeof Language>;

const attempt = { attempt: z.int().min(1), attempts: z.int().min(1) };

/** What the traveller's screen shows. It holds no name, no score and no reason: a referral looks the same for each. */
export const View = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('attract') }),
  z.strictObject({ stage: z.literal('language') }),
  z.strictObject({ stage: z.literal('document'), language: Language, hint: DocumentHint, ...attempt }),
  z.strictObject({
    stage: z.literal('face'),
    language: Language,
    hint: FaceHint,
    box: Rect.nullable(),
    progress: z.number(),
  }),
  z.strictObject({
    stage: z.literal('challenge'),
    language: Language,
    prompt: ChallengePrompt,
    hint: FaceHint,
    box: Rect.nullable(),
    progress: z.number(),
  }),
  z.strictObject({
    stage: z.literal('finger'),
    language: Language,
    hint: FingerHint,
    position: FingerPosition,
    ...attempt,
  }),
  z.strictObject({ stage: z.literal('checking'), language: Language }),
  z.strictObject({ stage: z.literal('passed'), language: Language }),
  z.strictObject({ stage: z.literal('referred'), language: Language }),
  z.strictObject({ stage: z.literal('unavailable'), language: Language.nullable() }),
]);
export type View = z.infer<typeof View>;

/** What the screen shows of time running out: absent while there is plenty. */
export const Warning = z.strictObject({ secondsLeft: z.int().nonnegative() }).nullable();
export type Warning = z.infer<typeof Warning>;

/** What the core makes of a camera frame; see FrameAnswer in biometrics.ts. */
export const FrameReply = z.strictObject({
  wanted: z.boolean(),
  hint: FaceHint,
  box: Rect.nullable(),
  crop: Rect.nullable(),
  progress: z.number(),
});

/** What the traveller's screen may ask of the kiosk, and what it is told. */
export const traveller = {
  view: tell(View),
  warning: tell(Warning),
  cameras: tell(Cameras),
  /** The attract screen was touched. */
  begin: call(z.void(), z.void()),
  choose: call(z.strictObject({ language: Language }), z.void()),
  /** "I need more time": starts the stage's time-out again. */
  stay: call(z.void(), z.void()),
  /** The traveller cancels. */
  leave: call(z.void(), z.void()),
  /** "I would rather see an officer": allowed at every step. */
  help: call(z.void(), z.void()),
  /** One camera frame; the next is sent when this one is answered. */
  frame: call(CameraFrame, FrameReply),
  /** A picture from the document's camera; answered when it has been looked at. */
  page: call(PagePicture, z.strictObject({ wanted: z.boolean() })),
  /** How a camera of the page does. */
  camera: call(CameraReport, z.void()),
};
