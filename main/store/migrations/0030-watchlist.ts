import type { Migration } from '../step.ts';

/** The local watchlist: one version, and its alerts in the order they came, each as CBOR. */
export const watchlist: Migration = {
  version: 30,
  up: `
    CREATE TABLE watchlist (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      version TEXT NOT NULL,
      issued_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE alert (
      position INTEGER PRIMARY KEY,
      body BLOB NOT NULL
    ) STRICT;
  `,
};
