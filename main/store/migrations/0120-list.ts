import type { Migration } from '../step.ts';

/**
 * The watchlist lies in a file of its own, whose key is here; `least` is the least version that may be taken up, and by the store's
 * own time it dies at `dies_own_ms` whatever is heard. A list of before is erased: nobody signed it, and it would have had two
 * days at most. The clock remembers in which run of the machine it was kept and how far that had come, so that a start of the
 * program alone loses no time, and whether all of it is known since central said it last.
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
      dies_own_ms INTEGER,
      CHECK ((name IS NULL) = (key IS NULL) AND (key IS NULL) = (version IS NULL) AND (version IS NULL) = (made_at IS NULL)
        AND (made_at IS NULL) = (dies_own_ms IS NULL))
    ) STRICT;
    INSERT INTO list VALUES (1, 1, NULL, NULL, NULL, NULL, NULL);
    ALTER TABLE clock ADD COLUMN boot_id TEXT NOT NULL DEFAULT '';
    ALTER TABLE clock ADD COLUMN uptime_ms INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE clock ADD COLUMN sure INTEGER NOT NULL DEFAULT 0;
  `,
};
