/** The environment of a process with a bug of test/simulation/mutants.ts planted in it. */
export function planted(mutant: string): Record<string, string> {
  const plant = new URL('../simulation/plant.ts', import.meta.url).href;
  return { NODE_OPTIONS: `--import=${plant}`, LIMEN_MUTANT: mutant };
}
