CREATE TABLE audit_checkpoint (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_checkpoint_kept BEFORE DELETE ON audit_checkpoint
  WHEN OLD.size > (SELECT gone FROM audit_log)
  BEGIN SELECT RAISE(ABORT, 'a checkpoint is not taken out'); END;

CREATE TRIGGER audit_checkpoint_unchanged BEFORE UPDATE ON audit_checkpoint
  BEGIN SELECT RAISE(ABORT, 'a checkpoint is not changed'); END;

CREATE TABLE audit_line (
  n INTEGER PRIMARY KEY,
  line TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_line_appended BEFORE INSERT ON audit_line
  WHEN NEW.n <> (SELECT size + 1 FROM audit_log)
  BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;

CREATE TRIGGER audit_line_kept BEFORE DELETE ON audit_line
  WHEN OLD.n > (SELECT gone FROM audit_log)
  BEGIN SELECT RAISE(ABORT, 'the log is not shortened'); END;

CREATE TRIGGER audit_line_unchanged BEFORE UPDATE ON audit_line
  BEGIN SELECT RAISE(ABORT, 'the log is not changed'); END;

CREATE TABLE audit_log (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  origin TEXT NOT NULL,
  seed BLOB NOT NULL,
  size INTEGER NOT NULL,
  head BLOB NOT NULL,
  tree BLOB NOT NULL,
  gone INTEGER NOT NULL,
  before BLOB NOT NULL,
  shipped INTEGER NOT NULL,
  acknowledged INTEGER NOT NULL,
  CHECK (0 <= gone AND gone <= acknowledged AND acknowledged <= shipped AND shipped <= size)
) STRICT;

CREATE TRIGGER audit_log_forward BEFORE UPDATE ON audit_log
  WHEN NEW.origin <> OLD.origin OR NEW.seed <> OLD.seed OR NEW.size NOT IN (OLD.size, OLD.size + 1) OR NEW.gone < OLD.gone
    OR NEW.shipped < OLD.shipped OR NEW.acknowledged < OLD.acknowledged
  BEGIN SELECT RAISE(ABORT, 'the log goes forward only'); END;

CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
  BEGIN SELECT RAISE(ABORT, 'the log is not taken out'); END;

CREATE TRIGGER audit_log_one BEFORE INSERT ON audit_log
  WHEN EXISTS (SELECT 1 FROM audit_log)
  BEGIN SELECT RAISE(ABORT, 'there is one log'); END;

CREATE TABLE audit_run (
  through INTEGER PRIMARY KEY,
  packet_id TEXT NOT NULL UNIQUE,
  acknowledged_at_ms INTEGER
) STRICT;

CREATE TABLE clock (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  own_ms INTEGER NOT NULL,
  central_ms INTEGER NOT NULL,
  own_at_central_ms INTEGER NOT NULL,
  newest_id TEXT NOT NULL
, boot_id TEXT NOT NULL DEFAULT '', uptime_ms INTEGER NOT NULL DEFAULT 0, sure INTEGER NOT NULL DEFAULT 0) STRICT;

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

CREATE TABLE list_metadata (
  role TEXT PRIMARY KEY CHECK (role IN ('root', 'timestamp', 'snapshot', 'targets')),
  origin TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE tally (
  cell TEXT PRIMARY KEY,
  since_ms INTEGER NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0)
) STRICT;
