import * as z from 'zod';

/** Why entry is refused, by the letters of the standard form (Reg. (EU) 2016/399, Annex V, part B). */
export const RefusalGround = z.enum(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']);
export type RefusalGround = z.infer<typeof RefusalGround>;

/** False documents, false visas and alerts: with these EES takes fingers and face, with the others none (Reg. (EU) 2017/2226 Art. 18(2)). */
const withBiometrics: ReadonlySet<RefusalGround> = new Set(['B', 'D', 'H']);

/** Whether a refusal on this ground is recorded with biometrics (R26). */
export function takesBiometrics(ground: RefusalGround): boolean {
  return withBiometrics.has(ground);
}

/** Why fingers cannot be taken (Reg. (EU) 2017/2226 Art. 17(3), (4)): ever, or this time. */
export const FingersUnable = z.enum(['impossible', 'temporary']);
export type FingersUnable = z.infer<typeof FingersUnable>;

/** What a guard decides of a referred traveller. Only a person refuses (R25), and says on which ground. */
export const GuardOutcome = z.enum(['admit', 'second-line', 'refuse']);
export type GuardOutcome = z.infer<typeof GuardOutcome>;
