import type { LightPrompt } from '../../contract/biometrics.ts';
import type { HeadMeasures } from './head-measures.ts';

/** The light of one frame while the screen showed a colour. */
export interface LitFrame {
  readonly prompt: LightPrompt;
  readonly head: Pick<HeadMeasures, 'face' | 'beside'>;
}

/** What the face gave back of the screen's colours. */
export interface Reflection {
  /** How much the face's tint moves towards the colour shown, against what lies beside it; natural logarithm. */
  readonly gain: number;
  /** That against the noise of the frames. */
  readonly overNoise: number;
  /** Whether each colour shown is the one that the face was tinted with most. */
  readonly inOrder: boolean;
}

type Vector = readonly [number, number, number];

/** Where each colour moves a tint; each is as far from white as the others. */
const directions: Readonly<Record<LightPrompt, Vector>> = {
  red: [2 / 3, -1 / 3, -1 / 3],
  green: [-1 / 3, 2 / 3, -1 / 3],
  blue: [-1 / 3, -1 / 3, 2 / 3],
};

/**
 * Compares the tint of a face over the colours the screen showed. What the camera does to the whole picture (exposure,
 * white balance) falls out, because the tint is taken against that of the surroundings; a steady tint falls out because
 * only its change counts.
 */
export function measureReflection(frames: readonly LitFrame[]): Reflection {
  const prompts = [...new Set(frames.map(({ prompt }) => prompt))];
  const tints = prompts.map((prompt) =>
    frames.filter((frame) => frame.prompt === prompt).map(({ head }) => tintOf(head)),
  );
  const means = tints.map(meanOf);
  const middle = meanOf(means);
  let [gain, noise, inOrder] = [0, 0, prompts.length > 1];
  for (const [index, prompt] of prompts.entries()) {
    const moved = minus(means[index] ?? middle, middle);
    const along = (name: LightPrompt) => dot(moved, directions[name]);
    gain += (along(prompt) * 1.5) / prompts.length;
    inOrder &&= prompts.every((other) => other === prompt || along(other) < along(prompt));
    const own = tints[index] ?? [];
    for (const tint of own)
      noise += dot(minus(tint, means[index] ?? middle), directions[prompt]) ** 2 / own.length ** 2;
  }
  return { gain, overNoise: gain / (Math.sqrt(noise) / Math.max(prompts.length, 1) || 1e-6), inOrder };
}

/** Logarithm of the face's colour over that of its surroundings, without its brightness. */
function tintOf({ face, beside }: LitFrame['head']): Vector {
  const ratio = (channel: 0 | 1 | 2) => Math.log(Math.max(face[channel], 1) / Math.max(beside[channel], 1));
  const [red, green, blue] = [ratio(0), ratio(1), ratio(2)];
  const grey = (red + green + blue) / 3;
  return [red - grey, green - grey, blue - grey];
}

function meanOf(vectors: readonly Vector[]): Vector {
  const sum = vectors.reduce<Vector>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], [0, 0, 0]);
  return [sum[0] / vectors.length, sum[1] / vectors.length, sum[2] / vectors.length];
}

function minus([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [a - x, b - y, c - z];
}

function dot([a, b, c]: Vector, [x, y, z]: Vector): number {
  return a * x + b * y + c * z;
}
