import type {
  ChallengeEvidence,
  ChallengePrompt,
  ChallengeStep,
  FaceHint,
  FaceTemplate,
  LightPrompt,
} from '../../contract/biometrics.ts';
import type { Rect } from '../../contract/image.ts';
import { compareFaces } from './face-comparison.ts';
import type { ChallengeView, FrameReading } from './face-reader.ts';
import { type HeadMeasures, noseParallax } from './head-measures.ts';
import { type LitFrame, measureReflection } from './screen-light.ts';

/** Where a challenge stands: what is asked, what would help, how far it is, and how it ended. */
export interface ChallengeState {
  readonly prompt: ChallengePrompt;
  readonly hint: FaceHint;
  readonly progress: number;
  /** What was done so far. */
  readonly steps: readonly ChallengeStep[];
  readonly ended?: ChallengeEvidence;
}

/** A face at a moment of the page's clock. */
export interface ChallengeFrame {
  readonly reading: FrameReading;
  readonly takenAtMs: number;
}

/**
 * Parallax of the nose that counts as a turn (a head turned by about 20 degrees; a photograph turned by 45 shows 0.08 at
 * most, see test/biometrics/face/head-measures.test.ts), and below which the head looks straight ahead.
 */
export const turned = 0.12;
const straight = 0.05;
/**
 * A turned head must still be the reference's, as nearly as can be told from aside: not so unlike that more than one in
 * thirty of other people would do.
 */
const aside = 1 / 30;
/** Frames of one kind in a row that count. */
const steadyFrames = 2;
/** Straight frames in a row that may fail to match: a blurred one, a blink. Then it is somebody else. */
const strangeFrames = 6;
/** No colour stays for less, so the screen changes less than once a second (WCAG 2.3.1 allows three flashes). */
const lightMs = 1500;
/** The screen needs some time to change, and the camera to see it. */
const settleMs = 600;
const leastLitFrames = 4;
/** The least reflection that counts: about one part in sixty of the light on the face, well above the noise. */
export const reflected = { gain: 0.015, overNoise: 4 } as const;
/** A face out of sight for longer, or jumping farther than this share of its width, may be another: begin again. */
const longestGapMs = 700;
const farthestJump = 0.6;

/**
 * Follows a challenge frame by frame. It passes when every step was done in its turn by one face that was never out of
 * sight, and that is the `reference`'s whenever it looks straight. A turn to the wrong side, another face, or a screen
 * that the face does not give back ends it as not passed. It does not end by time: whoever asks keeps that.
 */
export function followChallenge(
  prompts: readonly ChallengePrompt[],
  reference: FaceTemplate,
): (frame: ChallengeFrame) => ChallengeState {
  let steps: ChallengeStep[] = [];
  let lit: LitFrame[] = [];
  let steady = 0;
  let sideways = 0;
  let strangers = 0;
  let neutral: HeadMeasures | undefined;
  let last: { box: Rect; atMs: number } | undefined;
  let lightSince: number | undefined;
  let ended: ChallengeEvidence | undefined;

  const promptNow = () => prompts[Math.min(steps.length, prompts.length - 1)] ?? 'centre';
  const state = (hint: FaceHint): ChallengeState => ({
    prompt: promptNow(),
    hint,
    progress: steps.length / prompts.length,
    steps,
    ...(ended && { ended }),
  });
  const beginAgain = () => {
    for (const { image } of steps) image.pixels.fill(0);
    steps = [];
    lit = [];
    [steady, sideways, strangers] = [0, 0, 0];
    neutral = undefined;
    lightSince = undefined;
  };
  const end = (passed: boolean) => (ended = { passed, steps });
  const done = (step: Omit<ChallengeStep, 'prompt'>) => {
    steps = [...steps, { prompt: promptNow(), ...step }];
    [steady, sideways] = [0, 0];
    lightSince = undefined;
  };

  /** A head that is still on its way back is not judged: its template would be worse for it. */
  const isAside = (head: HeadMeasures) => neutral !== undefined && Math.abs(noseParallax(neutral, head)) > straight;

  /** Nobody but the one whose face was captured may follow the challenge; single bad frames are forgiven. */
  function isReference(template: FaceTemplate): boolean {
    strangers = compareFaces(template, reference).matched ? 0 : strangers + 1;
    if (strangers > strangeFrames) end(false);
    return strangers === 0;
  }

  function lookStraight({ head, template, token }: ChallengeView, fit: boolean): FaceHint {
    if (!fit || isAside(head)) {
      steady = 0;
      return 'straight';
    }
    if (!isReference(template)) return 'still';
    if (++steady < steadyFrames) return 'hold';
    neutral ??= head;
    const { score, threshold } = compareFaces(template, reference);
    done({ measured: score, needed: threshold, image: token });
    return 'hold';
  }

  function turn({ head, template, token }: ChallengeView, direction: 1 | -1): FaceHint {
    const parallax = neutral ? noseParallax(neutral, head) * direction : 0;
    const { falseMatchRate = 1 } = compareFaces(template, reference);
    if (parallax >= turned && falseMatchRate > aside) sideways = 0;
    else if (parallax >= turned) sideways = Math.max(sideways, 0) + 1;
    else if (parallax <= -turned) sideways = Math.min(sideways, 0) - 1;
    else sideways = 0;
    if (sideways <= -steadyFrames) end(false);
    if (sideways >= steadyFrames) done({ measured: parallax, needed: turned, image: token });
    return 'hold';
  }

  function light(
    { head, template, token }: ChallengeView,
    fit: boolean,
    prompt: LightPrompt,
    takenAtMs: number,
  ): FaceHint {
    lightSince ??= takenAtMs;
    if (!fit || isAside(head)) return 'straight';
    if (!isReference(template)) return 'still';
    const shownMs = takenAtMs - lightSince;
    if (shownMs >= settleMs) lit = [...lit, { prompt, head }];
    const seen = lit.filter((frame) => frame.prompt === prompt).length;
    if (shownMs < lightMs || seen < leastLitFrames) return 'hold';
    const { gain, overNoise, inOrder } = measureReflection(lit);
    done({ measured: gain, needed: reflected.gain, image: token });
    if (steps.length === prompts.length) {
      end(inOrder && gain >= reflected.gain && overNoise >= reflected.overNoise);
    }
    return 'hold';
  }

  return ({ reading, takenAtMs }) => {
    if (ended) return state('wait');
    const [box] = reading.faces;
    if (last && (takenAtMs - last.atMs > longestGapMs || (box && jumped(last.box, box)))) beginAgain();
    if (!box) return state('find');
    last = { box, atMs: takenAtMs };
    const view = reading.closeUp?.challenge;
    if (!view) return state('hold');
    const fit = reading.closeUp?.shot !== undefined;
    const prompt = promptNow();
    if (prompt === 'centre') return state(lookStraight(view, fit));
    if (prompt === 'turn-left' || prompt === 'turn-right') return state(turn(view, prompt === 'turn-left' ? 1 : -1));
    return state(light(view, fit, prompt, takenAtMs));
  };
}

function jumped(one: Rect, other: Rect): boolean {
  const far = Math.hypot(
    one.x + one.width / 2 - other.x - other.width / 2,
    one.y + one.height / 2 - other.y - other.height / 2,
  );
  return far > one.width * farthestJump;
}
