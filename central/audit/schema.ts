// The logs of kiosks as they were checked. A line is only ever added, and emptied when its time is over; its digest stays. Hashes
// are in base64; a tree is its frontier, the hashes one after the other.
const tables = `
  CREATE TABLE IF NOT EXISTS audit_log (
    kiosk_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    verifier_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    head TEXT NOT NULL,
    tree TEXT NOT NULL,
    checkpoint TEXT,
    checked_at TEXT NOT NULL,
    PRIMARY KEY (kiosk_id, origin)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS audit_line (
    kiosk_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    n INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    line TEXT,
    digest TEXT NOT NULL,
    PRIMARY KEY (kiosk_id, origin, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS audit_line_due ON audit_line (received_at) WHERE line IS NOT NULL;
  CREATE TABLE IF NOT EXISTS audit_waiting (
    kiosk_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    before INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (kiosk_id, origin, before, record_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS audit_alarm (
    record_id TEXT NOT NULL,
    what TEXT NOT NULL,
    kiosk_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    line INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (record_id, what)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS audit_hold (kiosk_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

/** The tables, and what keeps the lines as they are. */
export const auditSchema = {
  sqlite: `${tables}
  CREATE TRIGGER IF NOT EXISTS audit_line_unchanged BEFORE UPDATE ON audit_line
    WHEN NEW.line IS NOT NULL OR (NEW.kiosk_id, NEW.origin, NEW.n, NEW.received_at, NEW.digest)
      <> (OLD.kiosk_id, OLD.origin, OLD.n, OLD.received_at, OLD.digest)
    BEGIN SELECT RAISE(ABORT, 'the log of a kiosk is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS audit_line_kept BEFORE DELETE ON audit_line
    BEGIN SELECT RAISE(ABORT, 'the log of a kiosk is not shortened'); END;
`,
  postgresql: `${tables}
  CREATE OR REPLACE FUNCTION audit_line_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN
    IF TG_OP = 'UPDATE' THEN
      IF NEW.line IS NULL AND (NEW.kiosk_id, NEW.origin, NEW.n, NEW.received_at, NEW.digest)
        = (OLD.kiosk_id, OLD.origin, OLD.n, OLD.received_at, OLD.digest) THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'the log of a kiosk is not changed';
    END IF;
    RAISE EXCEPTION 'the log of a kiosk is not shortened';
  END $guard$;
  CREATE OR REPLACE TRIGGER audit_line_guarded BEFORE UPDATE OR DELETE ON audit_line
    FOR EACH ROW EXECUTE FUNCTION audit_line_guard();
  CREATE OR REPLACE TRIGGER audit_line_kept BEFORE TRUNCATE ON audit_line
    FOR EACH STATEMENT EXECUTE FUNCTION audit_line_guard();
`,
} as const;
