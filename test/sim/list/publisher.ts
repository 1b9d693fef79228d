import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ListFolder } from '../../../central/watchlist/list-folder.ts';
import { makeVersion, newestWhole } from '../../../central/watchlist/list-making.ts';
import {
  approve,
  bytesOf,
  described,
  type Draft,
  draftTargets,
  filesOf,
  publishRoot,
  publishTargets,
  signed,
} from '../../../central/watchlist/publishing.ts';
import { draftRoot, type RootKeys } from '../../../central/watchlist/root-drafting.ts';
import type { ListOperation } from '../../../main/contract/watchlist.ts';
import { firstOfEpoch, type Snapshot, type Targets, type Timestamp } from '../../../main/publication/metadata.ts';

const newKey = () => generateKeyPairSync('ed25519').privateKey;

/** Private keys of every role; in the field they lie in as many places. */
export interface PublisherKeys {
  root: KeyObject[];
  targets: KeyObject[];
  approvers: KeyObject[];
  snapshot: KeyObject;
  timestamp: KeyObject;
}

/** All those who publish a list, in one hand: two of three keys of the root, one of the targets, one of two approvers. */
export class Publisher {
  readonly folder: ListFolder;
  readonly keys: PublisherKeys = {
    root: [newKey(), newKey(), newKey()],
    targets: [newKey()],
    approvers: [newKey(), newKey()],
    snapshot: newKey(),
    timestamp: newKey(),
  };
  nowMs: () => number;

  constructor(path: string, nowMs: () => number = Date.now) {
    this.folder = new ListFolder(path);
    this.nowMs = nowMs;
    this.#keepOnlineKeys();
    this.rotate({});
  }

  /** The root that kiosks are given. */
  get firstRoot(): Uint8Array {
    return this.folder.roots()[0]!.bytes;
  }

  /** The next root, with other keys for some roles, signed by those before and those after. */
  rotate(next: Partial<PublisherKeys>, more: Partial<RootKeys> = {}): void {
    const before = this.keys.root.slice(0, 2);
    Object.assign(this.keys, next);
    this.#keepOnlineKeys();
    const { root, targets, approvers, snapshot, timestamp } = this.keys;
    let draft = draftRoot(this.folder.roots().at(-1)?.signed, this.nowMs(), {
      root,
      targets,
      approvers,
      snapshot: [snapshot],
      timestamp: [timestamp],
      ...more,
      thresholds: { root: 2, ...more.thresholds },
    });
    for (const key of [...before, ...root.slice(0, 2)]) draft = signed(draft, key);
    publishRoot(this.folder, draft);
  }

  /** Makes the next version of the list. Changes of any size are approved where that is asked for. */
  async publish(
    operations: readonly ListOperation[],
    approving = true,
    madeAt = new Date(this.nowMs()),
  ): Promise<number> {
    const draft = await this.draft(operations, madeAt);
    this.put(approving ? this.approved(draft) : draft);
    return newestWhole(filesOf(this.folder))![1].custom.to;
  }

  /** The targets of a next version, not signed yet. */
  async draft(operations: readonly ListOperation[], madeAt = new Date(this.nowMs())): Promise<Draft<Targets>> {
    const before = filesOf(this.folder);
    const { epoch } = this.folder.root().signed['x-limen'];
    const version = Math.max((newestWhole(before)?.[1].custom.to ?? 0) + 1, firstOfEpoch(epoch));
    const made = await makeVersion({ folder: this.folder, before, operations, version, madeAt });
    return draftTargets(this.folder.targets(), made, this.nowMs());
  }

  /** Targets with an approver's signature for every file. */
  approved(draft: Draft<Targets>): Draft<Targets> {
    const [approver] = this.keys.approvers;
    return Object.keys(draft.signed.targets).reduce((last, name) => approve(last, name, approver!), draft);
  }

  /** Signs targets and puts them where kiosks find them. */
  put(draft: Draft<Targets>): void {
    const { targets, snapshot, timestamp } = this.keys;
    const whole = targets.reduce((last, key) => signed(last, key), draft);
    publishTargets(this.folder, whole, { snapshot, timestamp }, this.nowMs());
  }

  /** Signs all of the metadata anew, each of the next version, with what whoever holds the keys might say. */
  say(say: {
    targets?: (targets: Targets) => object;
    snapshot?: (snapshot: Snapshot) => object;
    timestamp?: (timestamp: Timestamp) => object;
  }): void {
    const [targets, snapshot, timestamp] = [this.folder.targets()!, this.folder.snapshot()!, this.folder.timestamp()!];
    const next = <Signed extends { version: number }>(signed: Signed) => ({ ...signed, version: signed.version + 1 });
    const { targets: keys } = this.keys;
    const told = say.targets?.(next(targets.signed)) as Targets | undefined;
    const bytes = told ? this.forge(`${told.version}.targets.json`, told, ...keys) : targets.bytes;
    const meta = { 'targets.json': described({ signed: told ?? targets.signed, bytes }) };
    const middle = { ...next(snapshot.signed), meta };
    const toldOf = (say.snapshot?.(middle) ?? middle) as Snapshot;
    const file = this.forge(`${toldOf.version}.snapshot.json`, toldOf, this.keys.snapshot);
    const top = { ...next(timestamp.signed), meta: { 'snapshot.json': described({ signed: toldOf, bytes: file }) } };
    this.forge('timestamp.json', say.timestamp?.(top) ?? top, this.keys.timestamp);
  }

  /** Writes a file of metadata as whoever has these keys would, whatever it says. */
  forge(name: string, content: object, ...keys: KeyObject[]): Uint8Array {
    const forged = keys.reduce<Draft<unknown>>((last, key) => signed(last, key), { signed: content, signatures: [] });
    const bytes = bytesOf(forged);
    this.folder.write(name, bytes);
    return bytes;
  }

  #keepOnlineKeys(): void {
    for (const role of ['snapshot', 'timestamp'] as const) {
      const pem = this.keys[role].export({ format: 'pem', type: 'pkcs8' });
      writeFileSync(this.folder.file(`${role}.key`), pem, { mode: 0o600 });
    }
  }
}

export { newKey };
