import Database from 'better-sqlite3';

const handles = new Map<string, Database.Database>();

/** Remembers every connection by its file, so that a simulation can look into a database it does not own. Once for a process. */
export function watchConnections(): void {
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function watched(this: Database.Database, ...args: Parameters<typeof pragma>) {
    handles.set(this.name, this);
    return pragma.apply(this, args);
  };
}

/** The connection that is open on a file. */
export function connectionOf(file: string): Database.Database {
  const handle = handles.get(file);
  if (!handle) throw new Error(`nobody opened ${file}`);
  return handle;
}

/** Closes it, if it is open, without another word. */
export function abandon(file: string): void {
  handles.get(file)?.close();
  handles.delete(file);
}
