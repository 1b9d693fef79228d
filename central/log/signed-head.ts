import { randomBytes } from 'node:crypto';
import { hashOf, toBase64 } from '../../main/audit/base64.ts';
import { openCheckpoint, signCheckpoint } from '../../main/audit/checkpoint.ts';
import { keyText, type NoteKey, noteSigner } from '../../main/audit/note.ts';
import { emptyTree, type Frontier, grow, leafHash, rootOf } from '../../main/audit/tree.ts';
import type { Database } from '../sql.ts';

/** A log's head as it is handed out: its name, the verifier key and a signed note (C2SP tlog-checkpoint). */
export interface HandedOut {
  readonly log: string;
  readonly key: string;
  readonly checkpoint: string;
}

interface Row {
  readonly origin: string;
  readonly seed: string;
  readonly size: number;
  readonly tree: string;
}

const maxRowsAtOnce = 1000;

/**
 * The head of a chained log, signed so that others can keep it: a tree (RFC 6962) whose leaves are the hashes of the chain in
 * hexadecimal. What is on this machine can be made anew, and then does not fit what they hold.
 */
export class SignedHead {
  readonly #database: Database;
  readonly #log: string;

  private constructor(database: Database, log: string) {
    [this.#database, this.#log] = [database, log];
  }

  /** Of the log whose table has that name; its key is made with the first. */
  static async open(database: Database, log: string): Promise<SignedHead> {
    await database.exec(`
      CREATE TABLE IF NOT EXISTS ${log}_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        origin TEXT NOT NULL,
        seed TEXT NOT NULL,
        size INTEGER NOT NULL,
        tree TEXT NOT NULL
      ) STRICT;
    `);
    await database.run(`INSERT INTO ${log}_head VALUES (1, ?, ?, 0, '') ON CONFLICT DO NOTHING`, [
      `limen/central/${log}/${crypto.randomUUID()}`,
      toBase64(randomBytes(32)),
    ]);
    return new SignedHead(database, log);
  }

  /** Signs where the log stands. */
  async checkpoint(): Promise<HandedOut> {
    return this.#database.transaction(
      async () => {
        const { origin, seed, size, tree } = await this.#row();
        const signer = noteSigner(origin, hashOf(seed)!);
        const known = { ...emptyTree, size, hashes: tree.split(' ').flatMap((text) => hashOf(text) ?? []) };
        const grown = await this.#grown(known, Number.MAX_SAFE_INTEGER);
        await this.#database.run(`UPDATE ${this.#log}_head SET size = ?, tree = ?`, [
          grown.size,
          grown.hashes.map(toBase64).join(' '),
        ]);
        return { log: this.#log, key: keyText(signer), checkpoint: signCheckpoint(grown, signer) };
      },
      { alone: `${this.#log}_head` },
    );
  }

  /** Whether the log goes on from a checkpoint that was kept elsewhere, by a key that was too. Fault: `audit.malformed`. */
  async goesOnFrom(checkpoint: string, key: NoteKey): Promise<boolean> {
    const kept = openCheckpoint(checkpoint, key);
    if (!kept) return false;
    const tree = await this.#grown(emptyTree, kept.size);
    return tree.size === kept.size && kept.root.equals(rootOf(tree));
  }

  /** The tree with the lines after it, as far as that many. */
  async #grown(tree: Frontier, through: number): Promise<Frontier> {
    for (;;) {
      const rows = await this.#database.all<{ hash: string }>(
        `SELECT hash FROM ${this.#log} WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
        [tree.size, through, maxRowsAtOnce],
      );
      for (const { hash } of rows) tree = grow(tree, leafHash(Buffer.from(hash)));
      if (rows.length < maxRowsAtOnce) return tree;
    }
  }

  async #row(): Promise<Row> {
    return (await this.#database.get<Row>(`SELECT origin, seed, size, tree FROM ${this.#log}_head`))!;
  }
}
