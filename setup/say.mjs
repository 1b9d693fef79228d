/** Prints one line of progress. */
export function say(line) {
  process.stdout.write(`limen: ${line}\n`);
}

/** Something a person must do first: printed as one line, and the command ends with 1. */
export class Missing extends Error {}

/** Does one named step and says how long it took; a step that returns a string says that instead of "done". */
export async function step(name, work) {
  const started = performance.now();
  say(`${name} ...`);
  const word = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${name}: ${word ?? 'done'} (${seconds} s)`);
}
