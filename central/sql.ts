/** What a column holds. Whole numbers are safe integers. */
export type SqlValue = string | number | Uint8Array | null;

/** What one transaction must have to itself, or shares with others of its kind; where all transactions take turns it says nothing. */
export type Lock = { readonly alone: string } | { readonly shared: string };

/**
 * A database as central asks it: SQL that SQLite and PostgreSQL both understand, with `?` for each value. Whatever is asked
 * while the work of a transaction runs is part of that transaction, however deep it is called. Fault: `store.failed`,
 * `store.full`, `store.corrupt`.
 */
export interface Database {
  readonly dialect: 'sqlite' | 'postgresql';
  all<Row>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
  get<Row>(text: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
  /** Gives how many rows were changed. */
  run(text: string, values?: readonly SqlValue[]): Promise<number>;
  /** Statements without values. Tables are written as SQLite has them: STRICT, with INTEGER, TEXT and BLOB. */
  exec(statements: string): Promise<void>;
  /**
   * All of it or nothing, durable when it resolves; nothing of another request comes between. The work may be run again, so
   * it leaves nothing behind but rows, and it waits for nothing but rows. A transaction inside another is a part of that.
   */
  transaction<T>(work: () => Promise<T>, lock?: Lock): Promise<T>;
  close(): Promise<void>;
}

/** `?` for each of some values, as `IN` has them; of none nothing is in. */
export function oneOf(values: readonly unknown[]): string {
  return values.length > 0 ? `(${values.map(() => '?').join(', ')})` : '(NULL)';
}

/** `(?, ?), (?, ?)` for rows of so many columns. */
export function rowsOf(rows: readonly unknown[], columns: number): string {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  return rows.map(() => row).join(', ');
}
