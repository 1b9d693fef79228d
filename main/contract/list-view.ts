import * as z from 'zod';

/**
 * Whether the local watchlist can be searched: `none` where there is none, or its time is over; `unconfirmed` until central has
 * said what time it is, after the machine was off; `early` where it was made in the future; `loading` while it is taken into memory.
 */
export const ListStanding = z.enum(['in-use', 'none', 'unconfirmed', 'early', 'loading']);
export type ListStanding = z.infer<typeof ListStanding>;

/** A copy of a watchlist, and nothing of what is in it. Of a draft not all is known. */
export const ListCopy = z.strictObject({
  place: z.enum(['disk', 'memory', 'draft', 'download']),
  /** The name of its file, or of the process that holds it. */
  where: z.string().max(128),
  version: z.int().nonnegative().optional(),
  alerts: z.int().nonnegative().optional(),
  madeAt: z.iso.datetime({ precision: 3 }).optional(),
  expiresAt: z.iso.datetime({ precision: 3 }).optional(),
});
export type ListCopy = z.infer<typeof ListCopy>;

/** Every copy of the local watchlist that there is. */
export const ListView = z.strictObject({
  standing: ListStanding,
  /** The least version that may be taken up. */
  least: z.int().min(1),
  copies: z.array(ListCopy).max(16),
});
export type ListView = z.infer<typeof ListView>;
