import * as z from 'zod';
import { SearchHit, SearchSource } from './search.ts';

/** What a hit does to a crossing: it calls the guard, it is told to the guard who does nothing that shows, or it is as it should be. */
export const Treatment = z.enum(['refer', 'notice', 'pass']);
export type Treatment = z.infer<typeof Treatment>;

/** Hits of one source that are kept, at most; an answer with more of them is no answer. */
export const maxHitsKept = 100;

/** The steps of the ladder (Reg. (EU) 2019/817 Art. 11, Reg. (EU) 2017/2226 Art. 21), best first. */
export const Rung = z.enum(['portal', 'direct', 'local', 'manual']);
export type Rung = z.infer<typeof Rung>;

/**
 * How far a source has got: `waiting`, then `complete` once it has told all, `partial` when it has not looked everywhere or was
 * cut off, `unavailable`, or `unnamed` where a whole answer does not speak of it.
 */
export const SourceState = z.enum(['waiting', 'complete', 'partial', 'unavailable', 'unnamed']);
export type SourceState = z.infer<typeof SourceState>;

/** What is known from one source. Only `complete` without hits means that nothing is there. */
export const SourceFindings = z.strictObject({
  source: SearchSource,
  state: SourceState,
  /** Who was asked for it last; null before anybody was. */
  by: z.enum(['portal', 'direct']).nullable(),
  /** Since when it has not answered. */
  since: z.iso.datetime({ precision: 3 }).optional(),
  hits: z.array(SearchHit).max(maxHitsKept),
});
export type SourceFindings = z.infer<typeof SourceFindings>;

/** What is known of one traveller, from every source that was to be asked, and the lowest step that had to be taken. */
export const Findings = z.strictObject({
  rung: Rung,
  ended: z.boolean(),
  sources: z.array(SourceFindings).max(SearchSource.options.length),
});
export type Findings = z.infer<typeof Findings>;
