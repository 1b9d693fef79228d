/** A bug planted in the product's source as it is loaded: each text is there exactly once. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly text: string; readonly bug: string }[];
}

const all = 'rows.map(({ packet }) => packet.id)';
const mutant = (name: string, ...edits: [file: string, text: string, bug: string][]): Mutant => ({
  name,
  edits: edits.map(([file, text, bug]) => ({ file, text, bug })),
});

/** Mistakes that a queue of this kind has been seen to make, here or elsewhere. The simulation must find each of them. */
export const mutants: readonly Mutant[] = [
  mutant('deletes what was sent, receipt or not', [
    'main/uplink/uplink.ts',
    `if (outcome.is === 'later') {`,
    `if (outcome.is === 'later') {\n outbox.settle({ stored: ${all} });`,
  ]),
  mutant('takes the end of an answer for a receipt', [
    'main/uplink/shipment.ts',
    'if (status === 200) {',
    `if (status === 200) {\n return { is: 'receipt', verdict: { stored: ${all}, refused: [], partial: [], centralMs: 0 } };`,
  ]),
  mutant('takes the receipt of another request', ['main/uplink/receipt.ts', ' || receipt.nonce !== nonce', '']),
  mutant('promises before it stores', [
    'main/store/store.ts',
    'this.#reserve.within(() => storing(() => write.immediate()));',
    'setImmediate(() => { try { write.immediate(); } catch {} });',
  ]),
  mutant('does not sync what it has promised', ['main/store/database.ts', "['wal', 2]", "['wal', 1]"]),
  mutant(
    'central does not sync what it has receipted',
    ['central/sqlite.ts', 'synchronous = FULL', 'synchronous = NORMAL'],
    ['central/sqlite.ts', `pragma('synchronous') !== 2`, `pragma('synchronous') !== 1`],
  ),
  mutant(
    'central stores what comes, as often as it comes',
    ['central/database.ts', 'id TEXT NOT NULL UNIQUE', 'id TEXT NOT NULL'],
    ['central/inbox.ts', ' ON CONFLICT (id) DO NOTHING RETURNING id', ' RETURNING id'],
  ),
  mutant('central receipts what it will not take', [
    'central/inbox.ts',
    'if (refusal) answers.refused.push({ id, sha256, refusal });',
    'if (refusal) answers.stored.push({ id, sha256 });',
  ]),
  mutant('sends the newest first', [
    'main/store/outbox-reader.ts',
    'ORDER BY sequence LIMIT',
    'ORDER BY sequence DESC LIMIT',
  ]),
  mutant('tries poison for ever', [
    'main/store/outbox.ts',
    'of refused) this.#park',
    'of refused.slice(refused.length)) this.#park',
  ]),
  mutant('deletes what central refused', [
    'main/store/outbox.ts',
    'for (const id of stored) this.#delete(id, served);',
    'for (const id of [...stored, ...refused.map(({ id }) => id)]) this.#delete(id, served);',
  ]),
  mutant('forgets what it has delivered', [
    'main/store/outbox.ts',
    ' UNION SELECT 1 FROM delivered WHERE id = :id',
    '',
  ]),
  mutant('skips numbers', [
    'main/store/outbox.ts',
    'last_sequence = last_sequence + 1',
    'last_sequence = last_sequence + 2',
  ]),
  mutant('comes back at once, whatever befell it', [
    'main/uplink/backoff.ts',
    'return random() * Math.min(',
    'return 0 * Math.min(',
  ]),
  mutant('gives up for good', ['main/uplink/backoff.ts', 'return random() * Math.min(', 'return 1e9 + Math.min(']),
];

/** A mistake that shows by the machine's own clock, which a simulation does not have. */
export const mutantsOfClocks: readonly Mutant[] = [
  mutant('throws away what the clock says is old', [
    'main/store/outbox.ts',
    'next(wanted: Wanted): OutboxRow[] {',
    `next(wanted: Wanted): OutboxRow[] {
      const limit = (Date.now() - 7_200_000).toString(16).padStart(12, '0').replace(/^(.{8})/, '$1-');
      for (const id of this.#database.prepare('SELECT id FROM outbox WHERE id < ?').pluck().all(limit)) this.settle({ stored: [id as string] });`,
  ]),
];

/** Mistakes in taking up a list: the fault matrix must find them. */
export const mutantsOfLists: readonly Mutant[] = [
  mutant('changes a list alert by alert', [
    'main/store/list-file.ts',
    'apply.immediate();',
    'for (const each of changes) this.change(new Map([each]));\n apply.immediate();',
  ]),
];
