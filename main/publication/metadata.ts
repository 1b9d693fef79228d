import * as z from 'zod';

// Metadata of The Update Framework (TUF specification 1.0, section 4), with the fields that a list needs besides. Fields that
// are not known here are left alone, as the specification asks: the signature is over them as well.

/** Bytes of each role's file, at most: no more of one is read, whoever sends it. */
export const maxMetadataBytes = {
  root: 64 * 1024,
  timestamp: 8 * 1024,
  snapshot: 16 * 1024,
  targets: 256 * 1024,
} as const;

/** The four top-level roles (section 2.1). */
export type Role = keyof typeof maxMetadataBytes;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const KeyId = hex(32);
const Sha256 = z.object({ sha256: hex(32) });
const Version = z.int().min(1);
const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);

/** An Ed25519 public key (RFC 8032), in hexadecimal. */
export const PublicKey = z.object({
  keytype: z.literal('ed25519'),
  scheme: z.literal('ed25519'),
  keyval: z.object({ public: hex(32) }),
});
export type PublicKey = z.infer<typeof PublicKey>;

/** Who may sign, and how many of them must. */
export const Signers = z
  .object({ keyids: z.array(KeyId).min(1).max(16), threshold: z.int().min(1) })
  .refine(({ keyids }) => new Set(keyids).size === keyids.length, 'a key twice')
  .refine(({ keyids, threshold }) => threshold <= keyids.length, 'more signatures than keys');
export type Signers = z.infer<typeof Signers>;

/** A key's signature: over the signed part of a file, or over the description of a target. */
export const Signature = z.object({ keyid: KeyId, sig: hex(64) });
export type Signature = z.infer<typeof Signature>;

const common = { spec_version: z.string().regex(/^1\.\d+(\.\d+)?$/), version: Version, expires: Instant };

/** Section 4.3, and who approves changes that are large. */
export const Root = z.looseObject({
  _type: z.literal('root'),
  ...common,
  consistent_snapshot: z.literal(true),
  keys: z.record(KeyId, PublicKey),
  roles: z.object({ root: Signers, timestamp: Signers, snapshot: Signers, targets: Signers }),
  'x-limen': z.object({
    /** Versions of the list lie between this many thousand millions and the next: one that ran away is left behind with it. */
    epoch: z.int().min(0).max(1_000_000),
    /** Their signatures a target must bear that changes more of a list than so many in a hundred of its alerts. */
    approvers: Signers,
    largeChangePercent: z.int().min(1).max(100),
  }),
});
export type Root = z.infer<typeof Root>;

const FileMeta = z.object({ version: Version, length: z.int().min(1), hashes: Sha256 });

/** Section 4.6. */
export const Timestamp = z.looseObject({
  _type: z.literal('timestamp'),
  ...common,
  meta: z.strictObject({ 'snapshot.json': FileMeta }),
});
export type Timestamp = z.infer<typeof Timestamp>;

/** Section 4.4. There are no delegations: a list is one thing. */
export const Snapshot = z.looseObject({
  _type: z.literal('snapshot'),
  ...common,
  meta: z.strictObject({ 'targets.json': FileMeta }),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** What a file leads to: from a version of the list, or from nothing (0), to another; and what the list then is. */
export const ListChange = z
  .object({
    from: z.int().min(0),
    to: z.int().min(1),
    /** When version `to` was made: the list is dead 48 hours later. */
    madeAt: z.iso.datetime({ precision: 3 }),
    /** Over its alerts, and how many they are. */
    merkleRoot: hex(32),
    count: z.int().nonnegative(),
    /** How many the file holds. */
    operations: z.int().nonnegative(),
    /** Signatures over all else that is said of the file. */
    approvals: z.array(Signature).max(16).optional(),
  })
  .refine(({ from, to }) => from < to, 'not a change');
export type ListChange = z.infer<typeof ListChange>;

/** Bytes of one file of a list, at most. */
export const maxTargetBytes = 8 * 1024 ** 3;

/** A file (section 4.5, TARGETS). */
export const Target = z.object({
  length: z.int().min(1).max(maxTargetBytes),
  hashes: Sha256,
  custom: ListChange,
});
export type Target = z.infer<typeof Target>;

/** Section 4.5. */
export const Targets = z.looseObject({
  _type: z.literal('targets'),
  ...common,
  targets: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/), Target),
});
export type Targets = z.infer<typeof Targets>;

/** What of a target approvers sign: all but their own signatures. */
export function approved({ length, hashes, custom: { approvals: _, ...custom } }: Target) {
  return { _type: 'x-limen-target' as const, length, hashes, custom };
}

const epochSpan = 1_000_000_000;

/** Whether a list's version is one of an epoch. */
export function isOfEpoch(version: number, { 'x-limen': { epoch } }: Pick<Root, 'x-limen'>): boolean {
  return Math.floor(version / epochSpan) === epoch;
}

/** The first version of an epoch. */
export const firstOfEpoch = (epoch: number): number => epoch * epochSpan + (epoch === 0 ? 1 : 0);
