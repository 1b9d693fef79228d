import type { KeyObject } from 'node:crypto';
import { Root } from '../../main/publication/metadata.ts';
import { keyId, publicKeyOf } from '../../main/publication/signing.ts';
import { type Draft, instant, termDays } from './publishing.ts';

/** Public keys of each role, and how many must sign. Approvers are others than those who sign targets, or approving would say nothing. */
export interface RootKeys {
  readonly root: readonly KeyObject[];
  readonly targets: readonly KeyObject[];
  readonly approvers: readonly KeyObject[];
  readonly snapshot: readonly KeyObject[];
  readonly timestamp: readonly KeyObject[];
  readonly thresholds?: { readonly root?: number; readonly targets?: number; readonly approvers?: number };
  /** A change of more of a list than so many in a hundred has to be approved. */
  readonly largeChangePercent?: number;
  /** Leaves behind the versions of lists there have been: for after a theft of the targets' keys. */
  readonly newEpoch?: boolean;
}

/** The root after another, or the first; it has no signatures yet. Rejects what no root can be. */
export function draftRoot(before: Root | undefined, nowMs: number, given: RootKeys): Draft<Root> {
  const { thresholds = {}, largeChangePercent = 5, newEpoch = false } = given;
  const signers = (keys: readonly KeyObject[], threshold = 1) => ({
    keyids: keys.map((key) => keyId(publicKeyOf(key))),
    threshold,
  });
  const all = [given.root, given.targets, given.approvers, given.snapshot, given.timestamp].flat().map(publicKeyOf);
  const approvers = signers(given.approvers, thresholds.approvers);
  const targets = signers(given.targets, thresholds.targets);
  if (approvers.keyids.some((id) => targets.keyids.includes(id))) throw new Error('approvers who sign targets as well');
  const signed = Root.parse({
    _type: 'root',
    spec_version: '1.0.31',
    version: (before?.version ?? 0) + 1,
    expires: instant(nowMs + termDays.root * 86_400_000),
    consistent_snapshot: true,
    keys: Object.fromEntries(all.map((key) => [keyId(key), key])),
    roles: {
      root: signers(given.root, thresholds.root),
      timestamp: signers(given.timestamp),
      snapshot: signers(given.snapshot),
      targets,
    },
    'x-limen': {
      epoch: (before?.['x-limen'].epoch ?? 0) + (newEpoch ? 1 : 0),
      approvers,
      largeChangePercent,
    },
  });
  return { signed, signatures: [] };
}
