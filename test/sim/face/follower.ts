import type { FaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import { fitSimilarity, type Raster, rgbRaster, warp } from '../../../main/biometrics/face/raster.ts';
import type { ChallengePrompt, FrameAnswer } from '../../../main/contract/biometrics.ts';
import type { CameraFrame, Rect } from '../../../main/contract/image.ts';
import { closeEyes } from './closed-eyes.ts';
import { cameraFrame } from './camera.ts';
import { type Person, photograph, type Subject } from './people.ts';
import { renderScene, type Scene } from './scene.ts';
import { headRelief, turnHead, turnSheet } from './turned-head.ts';

/** One person who can turn the head, and the same person's photograph, which can be turned too. */
export interface Follower {
  turned(degrees: number): Subject;
  sheet(degrees: number): Subject;
  /** With the eyes shut. */
  shut(): Subject;
}

const size = { widthPx: 480, heightPx: 400 } as const;
const eyes = [
  { x: 205, y: 170 },
  { x: 275, y: 170 },
] as const;

/** Prepares a person for turning; the depth of the head is read off the face mesh. */
export async function openFollower(person: Person, steps: FaceSteps): Promise<Follower> {
  const picture = warp(await photograph(person), fitSimilarity(eyes, person.eyes), size.widthPx, size.heightPx);
  const raster = rgbRaster(picture);
  const [face] = await steps.detect(raster);
  const landmarks = face && (await steps.findLandmarks(raster, face));
  if (!landmarks) throw new RangeError('a photograph without a face');
  const relief = headRelief(landmarks);
  const made = new Map<string, Subject>();
  const keep = (name: string, make: () => Raster): Subject => {
    const known = made.get(name) ?? { picture: make(), eyes };
    made.set(name, known);
    return known;
  };
  return {
    turned: (degrees) => keep(`head ${degrees}`, () => turnHead(raster, relief, degrees)),
    shut: () => keep('shut', () => closeEyes(raster, landmarks)),
    sheet: (degrees) => keep(`sheet ${degrees}`, () => turnSheet(raster, relief.centre, degrees, 600)),
  };
}

/** What somebody does while a prompt is shown, `since` frames after it came. */
export type Behaviour = (prompt: ChallengePrompt, since: number, index: number) => Scene;

const tints = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1] } as const;
const brightness = 0.07;

/** What a screen adds to the light, from the second frame after it changed. */
export function glowOf(prompt: ChallengePrompt, since: number): readonly [number, number, number] {
  const tint = prompt in tints && since > 1 ? tints[prompt as keyof typeof tints] : [0, 0, 0];
  return [tint[0] * brightness, tint[1] * brightness, tint[2] * brightness];
}

/** Degrees after so many frames of turning to what is asked. */
export function towards(prompt: ChallengePrompt, since: number, farthest: number): number {
  const share = Math.min(1, Math.max(0, (since - 1) / 2));
  const side = prompt === 'turn-left' ? 1 : prompt === 'turn-right' ? -1 : 0;
  return Math.round(side * share * farthest);
}

/** Who does what is asked, lit by the screen. */
export function willing(follower: Follower): Behaviour {
  return (prompt, since) => ({
    person: follower.turned(towards(prompt, since, 25)),
    seed: 3,
    glow: glowOf(prompt, since),
  });
}

const otherSide: Readonly<Partial<Record<ChallengePrompt, ChallengePrompt>>> = {
  'turn-left': 'turn-right',
  'turn-right': 'turn-left',
};

/** Who turns to the other side than asked: a film of another challenge. */
export function contrary(follower: Follower): Behaviour {
  return (prompt, since, index) => willing(follower)(otherSide[prompt] ?? prompt, since, index);
}

/** Whatever takes frames and answers with what to ask next. */
export interface PromptedTaker {
  offer(frame: CameraFrame): Promise<FrameAnswer & { readonly prompt: ChallengePrompt }>;
}

/** As small as leaves enough pixels between the eyes. */
const frameSize = { widthPx: 480, heightPx: 360 } as const;
/** Three frames a second: as slow as the screen's colours can be followed by. */
const framesApart = 3;

/** Films a behaviour into a challenge until it is over or the frames are used up; gives the prompts that were shown. */
export async function filmChallenge(
  taker: PromptedTaker,
  act: Behaviour,
  frames: number,
  first = 0,
): Promise<ChallengePrompt[]> {
  const shown: ChallengePrompt[] = ['centre'];
  let [prompt, since]: [ChallengePrompt, number] = ['centre', 0];
  let crop: Rect | null = null;
  for (let index = 0; index < frames; index++, since++) {
    const image = await renderScene({ ...frameSize, ...act(prompt, since, index) }, index);
    const answer = await taker.offer(cameraFrame(image, first + index * framesApart, crop));
    if (!answer.wanted) break;
    crop = answer.crop;
    if (answer.prompt !== prompt) {
      [prompt, since] = [answer.prompt, -1];
      shown.push(prompt);
    }
  }
  return shown;
}
