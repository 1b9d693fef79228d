import { hash } from 'node:crypto';
import type * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import {
  approved,
  isOfEpoch,
  maxMetadataBytes,
  type Role,
  Root,
  Snapshot,
  type Target,
  Targets,
  Timestamp,
} from './metadata.ts';
import { readSigned, type SignedFile } from './signed-file.ts';
import { isSigned } from './signing.ts';

/** Metadata that was believed before, as it was sent; `root` is the one that is believed whatever the others are. */
export type Believed = { readonly root: Uint8Array } & { readonly [role in Exclude<Role, 'root'>]?: Uint8Array };

/**
 * What a client of the framework believes, and the checks by which it comes to believe more: the client workflow of the TUF
 * specification, 1.0, sections 5.3 to 5.6. It fetches nothing and keeps nothing. Files are offered in the order of the
 * workflow; one that is refused changes nothing. Fault of every offer: `watchlist.refused`.
 */
export class Trusted {
  readonly #nowMs: number;
  #root: SignedFile<Root>;
  #timestamp: SignedFile<Timestamp> | undefined;
  #snapshot: SignedFile<Snapshot> | undefined;
  #targets: SignedFile<Targets> | undefined;
  #timestampIsFresh = false;

  /** `nowMs` is the moment that expiry is measured by all through the visit (section 5.2). */
  constructor({ root, timestamp, snapshot, targets }: Believed, nowMs: number) {
    this.#nowMs = nowMs;
    this.#root = readSigned(root, Root);
    this.#check('root', this.#root);
    // What cannot be believed under these keys any more is as if it had never been.
    this.#timestamp = timestamp && this.#kept('timestamp', timestamp, Timestamp);
    this.#snapshot = snapshot && this.#kept('snapshot', snapshot, Snapshot);
    this.#targets = targets && this.#kept('targets', targets, Targets);
  }

  /** All that is believed now, to be kept. */
  believed(): Believed {
    return {
      root: this.#root.bytes,
      ...(this.#timestamp && { timestamp: this.#timestamp.bytes }),
      ...(this.#snapshot && { snapshot: this.#snapshot.bytes }),
      ...(this.#targets && { targets: this.#targets.bytes }),
    };
  }

  get root(): Root {
    return this.#root.signed;
  }

  /** The next root of the chain (5.3.3 to 5.3.8): signed by both, and the very next. Whoever rotates the keys of timestamp or snapshot lets their versions start anew (5.3.11). */
  offerRoot(bytes: Uint8Array): void {
    const next = readSigned(bytes, Root);
    this.#check('root', next);
    if (!isSigned(next.raw, next.signatures, next.signed.keys, next.signed.roles.root))
      refuse('a root that its own keys have not signed');
    if (next.signed.version !== this.root.version + 1) refuse('not the next root');
    if (next.signed['x-limen'].epoch < this.root['x-limen'].epoch) refuse('a root that goes back in epochs');
    const before = this.root;
    this.#root = next;
    const rotated = (['timestamp', 'snapshot'] as const).some(
      (role) => JSON.stringify(signersOf(before, role)) !== JSON.stringify(signersOf(next.signed, role)),
    );
    if (rotated) this.#timestamp = this.#snapshot = undefined;
  }

  /** The chain of roots has come to its end (5.3.10): an expired one freezes the client, and is refused. */
  endOfRoots(): void {
    this.#fresh('root', this.#root);
  }

  /** 5.4. Whether there is news in it. */
  offerTimestamp(bytes: Uint8Array): boolean {
    const next = readSigned(bytes, Timestamp);
    this.#check('timestamp', next);
    const [told, known] = [next.signed, this.#timestamp?.signed];
    if (known && told.version < known.version) refuse('an older timestamp');
    const [toldOf, knownOf] = [told.meta['snapshot.json'], known?.meta['snapshot.json']];
    if (knownOf && toldOf.version < knownOf.version) refuse('a timestamp of an older snapshot');
    this.#fresh('timestamp', next);
    const same = known?.version === told.version;
    if (same && JSON.stringify(toldOf) !== JSON.stringify(knownOf)) refuse('two timestamps of one version');
    if (!same) this.#timestamp = next;
    this.#timestampIsFresh = true;
    return !this.#isWhole();
  }

  /** What the next file must be: for its address, and so that no more of it is read (5.5.1, 5.6.1). */
  wanted(role: 'snapshot' | 'targets'): { readonly version: number; readonly length: number } {
    const { version, length } = this.#described(role);
    return { version, length: Math.min(length, maxMetadataBytes[role]) };
  }

  /** 5.5. */
  offerSnapshot(bytes: Uint8Array): void {
    if (!this.#timestampIsFresh) refuse('a snapshot before its timestamp');
    this.#matches(this.#described('snapshot'), bytes);
    const next = readSigned(bytes, Snapshot);
    this.#check('snapshot', next);
    if (next.signed.version !== this.#described('snapshot').version) refuse('not the snapshot of the timestamp');
    const [told, known] = [next, this.#snapshot].map((file) => file?.signed.meta['targets.json'].version);
    if (known !== undefined && told! < known) refuse('a snapshot of older targets');
    this.#fresh('snapshot', next);
    this.#snapshot = next;
  }

  /** 5.6. */
  offerTargets(bytes: Uint8Array): void {
    this.#matches(this.#described('targets'), bytes);
    const next = readSigned(bytes, Targets);
    this.#check('targets', next);
    if (next.signed.version !== this.#described('targets').version) refuse('not the targets of the snapshot');
    this.#fresh('targets', next);
    for (const { custom } of Object.values(next.signed.targets))
      if (!isOfEpoch(custom.to, this.root)) refuse('a list of another epoch');
    this.#targets = next;
  }

  /** The files of the list, once all of the metadata has been believed and none of it has expired. */
  targets(): Readonly<Record<string, Target>> {
    if (!this.#timestampIsFresh || !this.#snapshot || !this.#targets || !this.#isWhole())
      return refuse('files that do not go together');
    this.#fresh('snapshot', this.#snapshot);
    this.#fresh('targets', this.#targets);
    return this.#targets.signed.targets;
  }

  /** Whether as many approvers have signed a target as must for one that changes much. */
  isApproved(target: Target): boolean {
    const { keys, 'x-limen': own } = this.root;
    return isSigned(approved(target), target.custom.approvals ?? [], keys, own.approvers);
  }

  /** Whether the snapshot is the one of the timestamp, and the targets those of the snapshot. */
  #isWhole(): boolean {
    if (!this.#timestamp || !this.#snapshot || !this.#targets) return false;
    return (
      fits(this.#described('snapshot'), this.#snapshot.bytes) && fits(this.#described('targets'), this.#targets.bytes)
    );
  }

  #described(role: 'snapshot' | 'targets') {
    return (
      (role === 'snapshot'
        ? this.#timestamp?.signed.meta['snapshot.json']
        : this.#snapshot?.signed.meta['targets.json']) ?? refuse(`${role} that nobody has spoken of`)
    );
  }

  #kept<Signed extends { version: number }>(role: Role, bytes: Uint8Array, schema: z.ZodType<Signed>) {
    try {
      const file = readSigned(bytes, schema);
      this.#check(role, file);
      return file;
    } catch {
      return undefined;
    }
  }

  #check(role: Role, { raw, signatures }: SignedFile<unknown>): void {
    if (!isSigned(raw, signatures, this.root.keys, this.root.roles[role])) refuse(`${role} without its signatures`);
  }

  #matches(described: { length: number; hashes: { sha256: string } }, bytes: Uint8Array): void {
    if (!fits(described, bytes)) refuse('a file that is not the one described');
  }

  #fresh(role: Role, { signed }: SignedFile<{ expires: string }>): void {
    if (Date.parse(signed.expires) <= this.#nowMs) refuse(`${role} that has expired`);
  }
}

function fits({ length, hashes }: { length: number; hashes: { sha256: string } }, bytes: Uint8Array): boolean {
  return bytes.length === length && hash('sha256', bytes) === hashes.sha256;
}

/** Those who may sign for a role, with their keys. */
function signersOf({ roles, keys }: Root, role: 'timestamp' | 'snapshot') {
  const { keyids, threshold } = roles[role];
  return [keyids.toSorted().map((id) => keys[id]?.keyval.public), threshold];
}

function refuse(why: string): never {
  throw new Fault('watchlist.refused', why);
}
