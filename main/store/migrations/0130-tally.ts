import type { Migration } from '../step.ts';

/** Counts of crossings by what they have in common, since an hour; nothing of who crossed. They leave when they are large enough. */
export const tally: Migration = {
  version: 130,
  up: `
    CREATE TABLE tally (
      cell TEXT PRIMARY KEY,
      since_ms INTEGER NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0)
    ) STRICT;
  `,
};
