import type { Migration } from '../step.ts';

/**
 * The watchlist lies in a file of its own, whose key is here; `least` is the least version that may be taken up. A list of before
 * is erased: nobody signed it, and it would have had two days at most.
 */
export const list: Migration = {
  version: 120,
  up: `
    DROP TABLE alert;
    DROP TABLE watchlist;
    CREATE TABLE list (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      least INTEGER NOT NULL,
      name TEXT,
      key BLOB,
      version INTEGER,
      made_at TEXT,
      CHECK ((name IS NULL) = (key IS NULL) AND (key IS NULL) = (version IS NULL) AND (version IS NULL) = (made_at IS NULL))
    ) STRICT;
    INSERT INTO list VALUES (1, 1, NULL, NULL, NULL, NULL);
  `,
};
