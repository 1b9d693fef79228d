import type { Migration } from '../step.ts';

/**
 * The log of the kiosk's doings. Lines are only ever added at its end, and taken away at its beginning, when central has them.
 * `before` is what of the tree is left of lines that are gone, `tree` the whole of it; both are rows of 32-byte hashes.
 */
export const audit: Migration = {
  version: 70,
  up: `
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
    CREATE TABLE audit_line (
      n INTEGER PRIMARY KEY,
      line TEXT NOT NULL
    ) STRICT;
    CREATE TABLE audit_checkpoint (
      size INTEGER PRIMARY KEY,
      note TEXT NOT NULL
    ) STRICT;
    CREATE TABLE audit_run (
      through INTEGER PRIMARY KEY,
      packet_id TEXT NOT NULL UNIQUE,
      acknowledged_at_ms INTEGER
    ) STRICT;
    CREATE TRIGGER audit_line_appended BEFORE INSERT ON audit_line
      WHEN NEW.n <> (SELECT size + 1 FROM audit_log)
      BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
    CREATE TRIGGER audit_line_unchanged BEFORE UPDATE ON audit_line
      BEGIN SELECT RAISE(ABORT, 'the log is not changed'); END;
    CREATE TRIGGER audit_line_kept BEFORE DELETE ON audit_line
      WHEN OLD.n > (SELECT gone FROM audit_log)
      BEGIN SELECT RAISE(ABORT, 'the log is not shortened'); END;
    CREATE TRIGGER audit_checkpoint_unchanged BEFORE UPDATE ON audit_checkpoint
      BEGIN SELECT RAISE(ABORT, 'a checkpoint is not changed'); END;
    CREATE TRIGGER audit_checkpoint_kept BEFORE DELETE ON audit_checkpoint
      WHEN OLD.size > (SELECT gone FROM audit_log)
      BEGIN SELECT RAISE(ABORT, 'a checkpoint is not taken out'); END;
    CREATE TRIGGER audit_log_forward BEFORE UPDATE ON audit_log
      WHEN NEW.origin <> OLD.origin OR NEW.seed <> OLD.seed OR NEW.size NOT IN (OLD.size, OLD.size + 1) OR NEW.gone < OLD.gone
        OR NEW.shipped < OLD.shipped OR NEW.acknowledged < OLD.acknowledged
      BEGIN SELECT RAISE(ABORT, 'the log goes forward only'); END;
    CREATE TRIGGER audit_log_one BEFORE INSERT ON audit_log
      WHEN EXISTS (SELECT 1 FROM audit_log)
      BEGIN SELECT RAISE(ABORT, 'there is one log'); END;
    CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
      BEGIN SELECT RAISE(ABORT, 'the log is not taken out'); END;
  `,
};
