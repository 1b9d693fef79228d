CREATE TABLE alert (
  position INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE clock (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  own_ms INTEGER NOT NULL,
  central_ms INTEGER NOT NULL,
  own_at_central_ms INTEGER NOT NULL,
  newest_id TEXT NOT NULL
) STRICT;

CREATE TABLE crossing (
  id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  outcome TEXT
) STRICT;

CREATE TABLE delivered (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE key_document (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  jws TEXT NOT NULL
) STRICT;

CREATE TABLE lane (
  lane INTEGER PRIMARY KEY,
  ready INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  passed_over INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  epoch TEXT NOT NULL,
  last_sequence INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  delivered INTEGER NOT NULL
) STRICT;

CREATE TABLE "outbox" (
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

CREATE INDEX outbox_crossing ON outbox (crossing_id) WHERE crossing_id IS NOT NULL;

CREATE INDEX outbox_order ON outbox (lane, sequence) WHERE fault IS NULL;

CREATE INDEX outbox_parked ON outbox (sequence) WHERE fault IS NOT NULL;

CREATE TABLE rollback_mark (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  count INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE "sealed" (
  sequence INTEGER PRIMARY KEY REFERENCES "outbox" (sequence) ON DELETE CASCADE,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE watchlist (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  version TEXT NOT NULL,
  issued_at TEXT NOT NULL
) STRICT;
