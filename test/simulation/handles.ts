import Database from 'better-sqlite3';

const handles = new Map<string, Database.Database>();

/** Remembers every connection by its file, so that a simulation can look into a database it does not own. Once for a process. */
export function watchConnections(): void {
  // It is called on what it is a method of.
  // oxlint-disable-next-line typescript/unbound-method
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function watched(this: Database.Database, ...args: Parameters<typeof pragma>) {
    handles.set(this.name, this);
    return pragma.apply(this, args);
  };
}

const statements = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** A question to the database whose file this is, to be asked again and again; rows come as arrays. */
export function question(file: string, text: string): Database.Statement {
  const handle = handles.get(file);
  if (!handle) throw new Error(`nobody opened ${file}`);
  const known = statements.get(handle) ?? new Map<string, Database.Statement>();
  statements.set(handle, known);
  const statement = known.get(text) ?? handle.prepare(text).raw();
  known.set(text, statement);
  return statement;
}

/** Closes it, if it is open, without another word. */
export function abandon(file: string): void {
  handles.get(file)?.close();
  handles.delete(file);
}
