import type { Migration } from '../step.ts';

/**
 * Lanes. A packet need not be of a crossing; it is as old as the store's own time says, and may have reached central in part.
 * `lane` counts what is ready in each, and for how many turns the others went first.
 */
export const lanes: Migration = {
  version: 40,
  up: `
    CREATE TABLE outbox_40 (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      crossing_id TEXT REFERENCES crossing (id),
      kiosk_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      key_id TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 BLOB NOT NULL,
      lane INTEGER NOT NULL,
      stored_ms INTEGER NOT NULL,
      sent_bytes INTEGER NOT NULL,
      fault TEXT,
      refusal TEXT
    ) STRICT;
    INSERT INTO outbox_40
      SELECT sequence, id, crossing_id, kiosk_id, kind, key_id, bytes, sha256, 1, 0, 0, fault, NULL FROM outbox;
    CREATE TABLE sealed_40 (
      sequence INTEGER PRIMARY KEY REFERENCES outbox_40 (sequence) ON DELETE CASCADE,
      bytes BLOB NOT NULL
    ) STRICT;
    INSERT INTO sealed_40 SELECT sequence, bytes FROM sealed;
    DROP TABLE sealed;
    DROP TABLE outbox;
    ALTER TABLE outbox_40 RENAME TO outbox;
    ALTER TABLE sealed_40 RENAME TO sealed;
    CREATE INDEX outbox_order ON outbox (lane, sequence) WHERE fault IS NULL;
    CREATE INDEX outbox_parked ON outbox (sequence) WHERE fault IS NOT NULL;
    CREATE INDEX outbox_crossing ON outbox (crossing_id) WHERE crossing_id IS NOT NULL;
    CREATE TABLE lane (
      lane INTEGER PRIMARY KEY,
      ready INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      passed_over INTEGER NOT NULL
    ) STRICT;
    INSERT INTO lane
      WITH every(lane) AS (VALUES (0), (1), (2), (3), (4))
      SELECT every.lane, count(sequence), coalesce(sum(bytes), 0), 0
      FROM every LEFT JOIN outbox ON outbox.lane = every.lane AND fault IS NULL GROUP BY every.lane;
    CREATE TABLE clock (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      own_ms INTEGER NOT NULL,
      central_ms INTEGER NOT NULL,
      own_at_central_ms INTEGER NOT NULL,
      newest_id TEXT NOT NULL
    ) STRICT;
    INSERT INTO clock VALUES (1, 0, 0, 0, '');
  `,
};
