import { createHash, type KeyObject } from 'node:crypto';
import { Fault } from '../../main/contract/fault.ts';
import {
  approved,
  type ListChange,
  Root,
  type Role,
  type Signature,
  Snapshot,
  Targets,
  Timestamp,
} from '../../main/publication/metadata.ts';
import { readSigned, type SignedFile } from '../../main/publication/signed-file.ts';
import { isSigned, keyId, sign } from '../../main/publication/signing.ts';
import type { ListFolder } from './list-folder.ts';
import type { Files, Made } from './list-making.ts';

const dayMs = 86_400_000;
const specification = '1.0.31';

/** How long metadata of each role is good for, in days. A timestamp's term is how long a kiosk can be kept from news. */
export const termDays = { root: 365, targets: 7, snapshot: 7, timestamp: 0.25 } as const satisfies Record<Role, number>;

/** The age at which a list is dead, and what leads from it is of no use any more. */
const listLifeMs = 48 * 3_600_000;

/** A time as metadata writes it. */
export const instant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** A file of metadata on its way to its signatures. */
export interface Draft<Signed> {
  readonly signed: Signed;
  readonly signatures: readonly Signature[];
}

/** A file's bytes. */
export const bytesOf = (draft: Draft<unknown>): Buffer => Buffer.from(JSON.stringify(draft, null, 1));

/** A file with one signature more, in the place of one by the same key. */
export function signed<Signed>({ signed, signatures }: Draft<Signed>, key: KeyObject): Draft<Signed> {
  const signature = sign(signed, key);
  return { signed, signatures: [...signatures.filter(({ keyid }) => keyid !== signature.keyid), signature] };
}

/** The targets of a new version: its files, those of the versions before that a kiosk may still need, and a term. */
export function draftTargets(before: SignedFile<Targets> | undefined, made: Made, nowMs: number): Draft<Targets> {
  const old = Object.entries(before?.signed.targets ?? {}).filter(([, { custom }]) => isNeeded(custom, nowMs));
  return {
    signed: {
      _type: 'targets',
      spec_version: specification,
      version: (before?.signed.version ?? 0) + 1,
      expires: instant(nowMs + termDays.targets * dayMs),
      targets: { ...Object.fromEntries(old), ...made.files },
    },
    signatures: [],
  };
}

/** What leads from a list that may still be alive, and what a kiosk without one can begin with: a whole one that was approved. */
function isNeeded({ from, madeAt, approvals }: ListChange, nowMs: number): boolean {
  return nowMs - Date.parse(madeAt) < listLifeMs && (from > 0 || approvals !== undefined);
}

/** Targets with an approver's signature for one of the files. What was signed over all of them has to be signed anew. */
export function approve({ signed }: Draft<Targets>, name: string, key: KeyObject): Draft<Targets> {
  const target = signed.targets[name];
  if (!target) throw new Fault('config.invalid', `no file ${name}`);
  const approval = sign(approved(target), key);
  const others = (target.custom.approvals ?? []).filter(({ keyid }) => keyid !== approval.keyid);
  const custom = { ...target.custom, approvals: [...others, approval] };
  return { signed: { ...signed, targets: { ...signed.targets, [name]: { ...target, custom } } }, signatures: [] };
}

/** Puts the next root where kiosks find it. Fault: `config.invalid` for one that they would not take. */
export function publishRoot(folder: ListFolder, draft: Draft<Root>): void {
  const root = readSigned(bytesOf(draft), Root);
  const before = folder.roots().at(-1);
  if (root.signed.version !== (before?.signed.version ?? 0) + 1) refuse('not the next root');
  for (const { keys, roles } of [root.signed, ...(before ? [before.signed] : [])])
    if (!isSigned(root.raw, root.signatures, keys, roles.root)) refuse('the root lacks signatures');
  for (const [id, key] of Object.entries(root.signed.keys)) if (keyId(key) !== id) refuse('a key by another name');
  folder.write(`${root.signed.version}.root.json`, root.bytes);
}

/** Keys of the roles that central signs for by itself. */
export interface OnlineKeys {
  readonly snapshot: KeyObject;
  readonly timestamp: KeyObject;
}

/** Puts targets where kiosks find them, and signs snapshot and timestamp for them. Fault: `config.invalid` for what they would not take. */
export function publishTargets(folder: ListFolder, draft: Draft<Targets>, keys: OnlineKeys, nowMs: number): void {
  const targets = readSigned(bytesOf(draft), Targets);
  const { signed: root } = folder.root();
  if (!isSigned(targets.raw, targets.signatures, root.keys, root.roles.targets)) refuse('the targets lack signatures');
  if (targets.signed.version <= (folder.targets()?.signed.version ?? 0)) refuse('older targets');
  folder.write(`${targets.signed.version}.targets.json`, targets.bytes);
  publishSnapshot(folder, targets, keys, nowMs);
  folder.prune(targets.signed.targets);
}

/** Signs a snapshot of the targets, and a timestamp. Fault: `config.invalid` where the keys are not the root's. */
export function publishSnapshot(
  folder: ListFolder,
  targets: SignedFile<Targets>,
  keys: OnlineKeys,
  nowMs: number,
): void {
  const snapshot = signed<Snapshot>(
    {
      signed: {
        _type: 'snapshot',
        spec_version: specification,
        version: (folder.snapshot()?.signed.version ?? 0) + 1,
        expires: instant(nowMs + termDays.snapshot * dayMs),
        meta: { 'targets.json': described(targets) },
      },
      signatures: [],
    },
    keys.snapshot,
  );
  const file = readSigned(bytesOf(snapshot), Snapshot);
  folder.write(`${file.signed.version}.snapshot.json`, file.bytes);
  folder.write('timestamp.json', signTimestamp(folder, file, keys.timestamp, nowMs).bytes);
}

/**
 * Says that a snapshot is the newest there is. Its version is the time in seconds, so that central and those who publish need not
 * agree on one; it always goes up. Fault: `config.invalid` where the key is not the root's.
 */
export function signTimestamp(
  folder: ListFolder,
  snapshot: SignedFile<Snapshot>,
  key: KeyObject,
  nowMs: number,
): SignedFile<Timestamp> {
  const before = folder.timestamp()?.signed.version ?? 0;
  const draft = signed<Timestamp>(
    {
      signed: {
        _type: 'timestamp',
        spec_version: specification,
        version: Math.max(before + 1, Math.floor(nowMs / 1000)),
        expires: instant(nowMs + termDays.timestamp * dayMs),
        meta: { 'snapshot.json': described(snapshot) },
      },
      signatures: [],
    },
    key,
  );
  const timestamp = readSigned(bytesOf(draft), Timestamp);
  const { keys, roles } = folder.root().signed;
  if (!isSigned(timestamp.raw, timestamp.signatures, keys, roles.timestamp)) refuse('not the key of the timestamp');
  if (!isSigned(snapshot.raw, snapshot.signatures, keys, roles.snapshot)) refuse('not the key of the snapshot');
  return timestamp;
}

/** The files a kiosk may ask for. */
export const filesOf = (folder: ListFolder): Files => folder.targets()?.signed.targets ?? {};

/** What a file of metadata is called by in the one above it. */
export function described({ signed, bytes }: Pick<SignedFile<{ version: number }>, 'signed' | 'bytes'>) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { version: signed.version, length: bytes.length, hashes: { sha256 } };
}

function refuse(why: string): never {
  throw new Fault('config.invalid', why);
}
