import { hash } from 'node:crypto';
import { Fault } from '../contract/fault.ts';
import { maxMetadataBytes } from '../publication/metadata.ts';
import { type Believed, Trusted } from '../publication/trusted.ts';
import type { ListMetadata } from '../store/list-metadata.ts';
import type { Watchlist } from '../store/watchlist.ts';
import { nextTarget } from './list-choice.ts';
import type { ListDownload } from './list-download.ts';
import type { ListLine } from './list-line.ts';
import { takeUp } from './list-taking.ts';

/** Roots that are taken up in one visit, at most. */
const maxRoots = 64;

/** What a visit at central needs. */
export interface Visit {
  readonly line: ListLine;
  /** The root the kiosk came with. */
  readonly provisioned: Uint8Array;
  readonly metadata: Pick<ListMetadata, 'load' | 'replace'>;
  readonly watchlist: Pick<Watchlist, 'current' | 'alerts' | 'draft' | 'least'>;
  readonly download: ListDownload;
  /** Files that were not to be believed, by their SHA-256: none is fetched twice. */
  readonly refused: Set<string>;
  /** The age at which a list is dead. */
  readonly maxAgeMs: number;
  /** Milliseconds since 1970, by which expiry is measured. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Hears of each list that is in use from now on. */
  readonly onTaken?: () => void;
}

/**
 * Looks at central for a newer list and takes it up, a file after another until nothing leads on. Tells whether the list has
 * changed. What was believed and what was taken up stays, whatever comes of the rest. Faults: `uplink.offline`,
 * `watchlist.refused`, `watchlist.malformed`, those of the store.
 */
export async function visitList(visit: Visit): Promise<boolean> {
  const { line, metadata, watchlist, download, refused, nowMs, maxAgeMs, signal } = visit;
  const trusted = openTrusted(visit);
  await refresh(trusted, line, (believed) => metadata.replace(originOf(visit.provisioned), believed), signal);
  const targets = trusted.targets();
  const isApproved = trusted.isApproved.bind(trusted);
  const { largeChangePercent } = trusted.root['x-limen'];
  let changed = false;
  let fault: Fault | undefined;
  for (;;) {
    const current = watchlist.current();
    const held = { version: current?.version ?? 0, count: current?.count ?? 0, least: watchlist.least() };
    const next = nextTarget(targets, { held, nowMs, maxAgeMs, largeChangePercent, isApproved, refused });
    if (!next && fault) throw fault;
    if (!next) return changed;
    const [name, target] = next;
    try {
      const file = await download.fetch(line, name, target, signal);
      try {
        await takeUp({ watchlist, target, file, largeChangePercent, isApproved, signal });
      } finally {
        await download.discard();
      }
      changed = true;
      visit.onTaken?.();
      fault = undefined;
    } catch (error) {
      fault = Fault.from(error);
      if (!['watchlist.refused', 'watchlist.malformed'].includes(fault.code)) throw fault;
      // Another file may still lead on.
      refused.add(target.hashes.sha256);
    }
  }
}

/** A kiosk that was given another root starts anew from it. */
function openTrusted({ provisioned, metadata, nowMs }: Visit): Trusted {
  const kept = metadata.load();
  return new Trusted(kept?.origin === originOf(provisioned) ? kept.believed : { root: provisioned }, nowMs);
}

const originOf = (provisioned: Uint8Array) => hash('sha256', provisioned);

/** The client workflow of the TUF specification, 5.3 to 5.6: what is believed is kept at each step. */
async function refresh(
  trusted: Trusted,
  line: ListLine,
  keep: (believed: Believed) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let roots = 0; roots < maxRoots; roots++) {
    const bytes = await line.file(`${trusted.root.version + 1}.root.json`, maxMetadataBytes.root, signal);
    if (!bytes) break;
    trusted.offerRoot(bytes);
    keep(trusted.believed());
  }
  trusted.endOfRoots();
  const news = trusted.offerTimestamp(await theFile(line, 'timestamp.json', maxMetadataBytes.timestamp, signal));
  keep(trusted.believed());
  if (!news) return;
  for (const role of ['snapshot', 'targets'] as const) {
    const { version, length } = trusted.wanted(role);
    const bytes = await theFile(line, `${version}.${role}.json`, length, signal);
    if (role === 'snapshot') trusted.offerSnapshot(bytes);
    else trusted.offerTargets(bytes);
    keep(trusted.believed());
  }
}

async function theFile(line: ListLine, name: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await line.file(name, mostBytes, signal);
  if (!bytes) throw new Fault('watchlist.refused', `central has no ${name}`);
  return bytes;
}
