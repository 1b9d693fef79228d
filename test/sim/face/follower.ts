import type { ChallengeRun } from '../../../main/biometrics/face/challenge-run.ts';
import type { FaceSteps } from '../../../main/biometrics/face/face-reader.ts';
import { fitSimilarity, type Raster, rgbRaster, warp } from '../../../main/biometrics/face/raster.ts';
import type { ChallengePrompt } from '../../../main/contract/biometrics.ts';
import type { Rect } from '../../../main/contract/image.ts';
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

/** Five frames a second: slow, and still enough to follow a challenge by. */
const framesApart = 2;

/** Films a behaviour into a challenge until it is over or the frames are used up; gives the prompts that were shown. */
export async function filmChallenge(run: ChallengeRun, act: Behaviour, frames: number): Promise<ChallengePrompt[]> {
  const shown: ChallengePrompt[] = ['centre'];
  let [prompt, since]: [ChallengePrompt, number] = ['centre', 0];
  let crop: Rect | null = null;
  for (let index = 0; index < frames; index++, since++) {
    const image = await renderScene(act(prompt, since, index), index);
    const answer = await run.offer(cameraFrame(image, index * framesApart, crop));
    if (!answer.wanted) break;
    crop = answer.crop;
    if (answer.prompt !== prompt) {
      [prompt, since] = [answer.prompt, -1];
      shown.push(prompt);
    }
  }
  return shown;
}
