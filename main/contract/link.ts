import * as z from 'zod';
import { Label } from './search.ts';

/** How a person may settle a yellow link (Reg. (EU) 2019/817 Art. 31 to 33): two persons, one who hides it, or one rightly. */
export const LinkVerdictColour = z.enum(['green', 'red', 'white']);
export type LinkVerdictColour = z.infer<typeof LinkVerdictColour>;

/** What a person has to say of a link before it is settled: the traveller's explanation, and the officer's reason. */
const words = { explanation: z.string().trim().min(3).max(1000), reason: z.string().trim().min(3).max(500) };

/** What a guard decides of a link that the CIR showed with a crossing. */
export const LinkDecision = z.strictObject({
  crossingId: z.uuidv7(),
  link: z.uuidv7(),
  colour: LinkVerdictColour,
  ...words,
});
export type LinkDecision = z.infer<typeof LinkDecision>;

/** Bytes of a verdict, at most. */
export const maxVerdictBytes = 16 * 1024;

/** The verdict as it goes to central, with who gives it and what for. The same id again changes nothing. */
export const LinkVerdict = z.strictObject({
  format: z.literal('limen-link-verdict'),
  version: z.literal(1),
  id: z.uuidv7(),
  link: z.uuidv7(),
  colour: LinkVerdictColour,
  ...words,
  purpose: Label,
  authority: Label,
  staffId: Label,
  caseId: Label,
});
export type LinkVerdict = z.infer<typeof LinkVerdict>;

/**
 * What central says to a verdict. `not-open`: there is no such link, it is settled, or it is another authority's: which of them
 * is not told.
 */
export const LinkAnswer = z.union([
  z.strictObject({ settled: z.literal(true) }),
  z.strictObject({
    refused: z.enum(['verdict-malformed', 'verdict-too-large', 'not-authorised', 'not-open', 'not-logged']),
  }),
]);
export type LinkAnswer = z.infer<typeof LinkAnswer>;
