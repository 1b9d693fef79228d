import type { Migration } from '../step.ts';

/**
 * The outbox. Sealed bytes lie apart from their row: a row can be parked when its bytes cannot be read.
 * `delivered` remembers the last ids, so that a late repeat of a conclusion is not sent again.
 */
export const outbox: Migration = {
  version: 20,
  up: `
    CREATE TABLE outbox (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      crossing_id TEXT NOT NULL REFERENCES crossing (id),
      kiosk_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      key_id TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 BLOB NOT NULL,
      lane INTEGER NOT NULL,
      stored_at_ms INTEGER NOT NULL,
      fault TEXT
    ) STRICT;
    CREATE INDEX outbox_order ON outbox (lane, sequence) WHERE fault IS NULL;
    CREATE INDEX outbox_crossing ON outbox (crossing_id);
    CREATE TABLE sealed (
      sequence INTEGER PRIMARY KEY REFERENCES outbox (sequence) ON DELETE CASCADE,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE delivered (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE ledger (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      epoch TEXT NOT NULL,
      last_sequence INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      delivered INTEGER NOT NULL
    ) STRICT;
  `,
};
