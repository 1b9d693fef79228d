import * as z from 'zod';
import { SearchSource } from '../../../main/contract/search.ts';

/** What central does wrong, all of it at once; what is left out is right. */
export const Faults = z.strictObject({
  /** `down`: the port is shut. */
  state: z.enum(['up', 'down']).default('up'),
  /** Each answer takes so much longer. */
  latencyMs: z.int().min(0).max(3_600_000).default(0),
  /**
   * What becomes of an answer that was made, after all was committed: `lost` with its connection, `cut` in the middle of its
   * body, `silent` (never given), or central `dies` as of kill -9 before it is sent. `twice`: the request is worked on twice,
   * and the second answer is given.
   */
  answer: z.enum(['whole', 'lost', 'cut', 'silent', 'dies', 'twice']).default('whole'),
  /** This status in place of an answer; nothing is looked at. */
  status: z.union([z.literal(0), z.int().min(400).max(599)]).default(0),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  /**
   * `forged`: signed by another key; `replayed`: the one before; `misaddressed`: to another kiosk; `altered`: true signature,
   * another text; `inflated`: truly signed, and naming a packet that was not sent.
   */
  receipt: z.enum(['true', 'forged', 'replayed', 'misaddressed', 'altered', 'inflated']).default('true'),
  /** What central shows of itself; all but `valid` need a certificate made for it (faultCertificates). */
  certificate: z.enum(['valid', 'expired', 'not-yet-valid', 'foreign']).default('valid'),
  /** Central's clock is off by so much. */
  clockSkewMs: z.int().default(0),
  /** How the registers behave. */
  sources: z
    .partialRecord(
      SearchSource,
      z.strictObject({
        latencyMs: z.int().min(0).optional(),
        state: z.enum(['up', 'down', 'silent']).optional(),
        partial: z.boolean().optional(),
      }),
    )
    .default({}),
  /** Which requests are hit by what is said of answers, statuses and receipts: a share of them, drawn from the seed. */
  share: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
  /** And only so many of them; then the line is good. */
  times: z.int().min(0).optional(),
});
export type Faults = z.infer<typeof Faults>;

/** What may be said of them: a part, and the rest is right. */
export type FaultSettings = z.input<typeof Faults>;

/** What central did so far. */
export const Figures = z.strictObject({
  requests: z.int(),
  /** Requests that a fault was done to. */
  hit: z.int(),
});
export type Figures = z.infer<typeof Figures>;
