import * as z from 'zod';
import type { Treatment } from '../contract/findings.ts';
import { Label, SearchAction, SearchSource } from '../contract/search.ts';

const ms = z.int().min(1).max(60_000);
const https = z.url({ protocol: /^https$/, error: 'must be an address that begins with https://' });

/**
 * What may be decided of each action besides calling the guard, and is where nothing else is said. An alert can only call the
 * guard; a discreet check is noticed instead (R18, R19); a file that is in order passes, since who travels often is known.
 */
const allowed: Readonly<Partial<Record<SearchAction, Treatment>>> = {
  'consult-dossier': 'pass',
  'visa-valid': 'pass',
  'authorisation-valid': 'pass',
  'consult-identity': 'pass',
  'discreet-check': 'notice',
};

/** How the kiosk asks the central systems about a traveller. */
export const SearchSettings = z
  .strictObject({
    /** The portal's address; absent: central's. */
    url: https.optional(),
    authority: Label,
    purpose: Label,
    /** Who answers for the question; absent: the guard's id. */
    staffId: Label.optional(),
    /** The systems that are asked as soon as the document has been read. */
    sources: z
      .array(SearchSource)
      .min(1)
      .default([...SearchSource.options]),
    /** Those that must have told all before the machine clears anybody; absent: all that are asked. */
    required: z.array(SearchSource).optional(),
    /** Those that are asked again with what was captured. */
    biometricSources: z.array(SearchSource).default([]),
    /** Where a system is asked by itself when the portal is down; absent: at central. */
    direct: z.partialRecord(SearchSource, https).default({}),
    treatments: z
      .partialRecord(SearchAction, z.enum(['refer', 'notice', 'pass']))
      .default({})
      .transform((said): Partial<Record<SearchAction, Treatment>> => ({ ...allowed, ...said })),
    /** How long an address has for its whole answer. */
    answerMs: ms.default(4000),
    /** How long a decision waits for answers after the last capture. */
    decisionMs: ms.default(5000),
    /** A decision comes at a multiple of this after the last question; 0: at once. */
    slotMs: z.int().min(0).max(2000).default(100),
  })
  .superRefine(({ sources, required = [], biometricSources, treatments }, context) => {
    for (const [path, list] of Object.entries({ required, biometricSources }))
      for (const source of list)
        if (!sources.includes(source))
          context.addIssue({ code: 'custom', path: [path], message: `${source} is not among the sources` });
    for (const [action, treatment] of Object.entries(treatments) as [SearchAction, Treatment][])
      if (treatment !== 'refer' && treatment !== allowed[action])
        context.addIssue({ code: 'custom', path: ['treatments', action], message: `cannot be ${treatment}` });
  })
  .transform((said) => ({ ...said, required: said.required ?? said.sources }));
export type SearchSettings = z.infer<typeof SearchSettings>;
