import { type ChallengePrompt, lightPrompts, turnPrompts } from '../../contract/biometrics.ts';

/**
 * Draws a challenge: look straight, turn to a random side, straight, turn again, straight, then the screen in its colours
 * in random order. `random` gives numbers from 0 up to 1; one that can be foreseen makes a challenge that can be too.
 */
export function drawChallenge(random: () => number, turns: number): readonly ChallengePrompt[] {
  const prompts: ChallengePrompt[] = ['centre'];
  for (let turn = 0; turn < turns; turn++) prompts.push(pick(turnPrompts, random), 'centre');
  const colours = [...lightPrompts];
  while (colours.length > 0) prompts.push(...colours.splice(Math.floor(random() * colours.length), 1));
  return prompts;
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('random is not below 1');
  return item;
}
