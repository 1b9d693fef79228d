import type { Migration } from '../step.ts';

/** Crossings under way (no outcome yet), and concluded ones until their packets are acknowledged. */
export const crossing: Migration = {
  version: 10,
  up: `
    CREATE TABLE crossing (
      id TEXT PRIMARY KEY,
      started_at TEXT NOT NULL,
      outcome TEXT
    ) STRICT;
  `,
};
