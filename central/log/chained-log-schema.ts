// Lines are only ever added, and emptied when their time is over. The database refuses the rest to whoever asks it; the chain
// shows what was done behind its back. It goes over the digests of the lines, so that it outlives them.
const tables = (name: string) => `
  CREATE TABLE IF NOT EXISTS ${name} (
    position INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    line TEXT,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ${name}_due ON ${name} (at) WHERE line IS NOT NULL;
  CREATE TABLE IF NOT EXISTS ${name}_hold (case_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

/** The tables of a log of this name, and what keeps them as they are. */
export const chainedLogSchema = {
  sqlite: (name: string) => `${tables(name)}
  CREATE TRIGGER IF NOT EXISTS ${name}_appended BEFORE INSERT ON ${name}
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM ${name})
    BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
  CREATE TRIGGER IF NOT EXISTS ${name}_unchanged BEFORE UPDATE ON ${name}
    WHEN NEW.line IS NOT NULL OR (NEW.position, NEW.at, NEW.digest, NEW.hash) <> (OLD.position, OLD.at, OLD.digest, OLD.hash)
    BEGIN SELECT RAISE(ABORT, 'the log is not changed'); END;
  CREATE TRIGGER IF NOT EXISTS ${name}_kept BEFORE DELETE ON ${name}
    BEGIN SELECT RAISE(ABORT, 'the log is not shortened'); END;
`,
  postgresql: (name: string) => `${tables(name)}
  CREATE OR REPLACE FUNCTION ${name}_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN
    IF TG_OP = 'INSERT' THEN
      IF NEW.position = (SELECT coalesce(max(position), 0) + 1 FROM ${name}) THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'the log is only added to';
    ELSIF TG_OP = 'UPDATE' THEN
      IF NEW.line IS NULL AND (NEW.position, NEW.at, NEW.digest, NEW.hash) = (OLD.position, OLD.at, OLD.digest, OLD.hash)
        THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'the log is not changed';
    END IF;
    RAISE EXCEPTION 'the log is not shortened';
  END $guard$;
  CREATE OR REPLACE TRIGGER ${name}_guarded BEFORE INSERT OR UPDATE OR DELETE ON ${name}
    FOR EACH ROW EXECUTE FUNCTION ${name}_guard();
  CREATE OR REPLACE TRIGGER ${name}_kept BEFORE TRUNCATE ON ${name}
    FOR EACH STATEMENT EXECUTE FUNCTION ${name}_guard();
`,
} as const;
