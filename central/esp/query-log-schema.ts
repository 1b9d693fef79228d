// Lines are only ever added, and emptied when their time is over. The database refuses the rest to whoever asks it; the chain
// shows what was done behind its back. It goes over the digests of the lines, so that it outlives them.
const tables = `
  CREATE TABLE IF NOT EXISTS query_log (
    position INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    line TEXT,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS query_log_hold (case_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

/** The tables of the log of queries, and what keeps them as they are. */
export const queryLogSchema = {
  sqlite: `${tables}
  CREATE TRIGGER IF NOT EXISTS query_log_appended BEFORE INSERT ON query_log
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM query_log)
    BEGIN SELECT RAISE(ABORT, 'the log of queries is only added to'); END;
  CREATE TRIGGER IF NOT EXISTS query_log_unchanged BEFORE UPDATE ON query_log
    WHEN NEW.line IS NOT NULL OR (NEW.position, NEW.at, NEW.digest, NEW.hash) <> (OLD.position, OLD.at, OLD.digest, OLD.hash)
    BEGIN SELECT RAISE(ABORT, 'the log of queries is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS query_log_kept BEFORE DELETE ON query_log
    BEGIN SELECT RAISE(ABORT, 'the log of queries is not shortened'); END;
`,
  postgresql: `${tables}
  CREATE OR REPLACE FUNCTION query_log_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN
    IF TG_OP = 'INSERT' THEN
      IF NEW.position = (SELECT coalesce(max(position), 0) + 1 FROM query_log) THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'the log of queries is only added to';
    ELSIF TG_OP = 'UPDATE' THEN
      IF NEW.line IS NULL AND (NEW.position, NEW.at, NEW.digest, NEW.hash) = (OLD.position, OLD.at, OLD.digest, OLD.hash)
        THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'the log of queries is not changed';
    END IF;
    RAISE EXCEPTION 'the log of queries is not shortened';
  END $guard$;
  CREATE OR REPLACE TRIGGER query_log_guarded BEFORE INSERT OR UPDATE OR DELETE ON query_log
    FOR EACH ROW EXECUTE FUNCTION query_log_guard();
  CREATE OR REPLACE TRIGGER query_log_kept BEFORE TRUNCATE ON query_log
    FOR EACH STATEMENT EXECUTE FUNCTION query_log_guard();
`,
} as const;
