import type { Migration } from '../step.ts';

/** The signed key document of central that was taken up last. */
export const keyDocument: Migration = {
  version: 60,
  up: `
    CREATE TABLE key_document (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      jws TEXT NOT NULL
    ) STRICT;
  `,
};
