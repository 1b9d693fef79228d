import type { Migration } from '../step.ts';

/** What the TPM's counter stood at when the store was last marked: an old copy of the store carries an old mark. */
export const rollbackMark: Migration = {
  version: 70,
  up: `
    CREATE TABLE rollback_mark (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      count INTEGER NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
