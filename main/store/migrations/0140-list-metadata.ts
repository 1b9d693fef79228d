import type { Migration } from '../step.ts';

/** Signed metadata of published lists, by role; `origin` is the SHA-256 of the root that the kiosk was given. */
export const listMetadata: Migration = {
  version: 140,
  up: `
    CREATE TABLE list_metadata (
      role TEXT PRIMARY KEY CHECK (role IN ('root', 'timestamp', 'snapshot', 'targets')),
      origin TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
