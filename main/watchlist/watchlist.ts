import type { FaceTemplate } from '../contract/biometrics.ts';
import type { TravelDocument } from '../contract/document.ts';
import { decodeFaceTemplate } from '../contract/face-template.ts';
import { Fault } from '../contract/fault.ts';
import type { WatchlistSnapshot } from '../contract/watchlist.ts';
import { at, layouts } from '../document/layout.ts';
import { DocumentIndex, documentThreshold } from './document-index.ts';
import { NameIndex } from './names/name-index.ts';
import {
  type ListedFace,
  type ListedFinger,
  type Searcher,
  TemplateList,
  type TemplateSearch,
} from './template-list.ts';

/** By what an alert was hit. */
export type Means = 'document' | 'name' | 'finger' | 'face';

/** An alert that was hit: by what, and the score that reached its threshold. Holds nothing of the alert's text (R17). */
export interface Hit {
  readonly alert: string;
  readonly by: Means;
  readonly score: number;
  readonly threshold: number;
}

/** Why a search says less than it should. */
export type Shortcoming =
  /** The list itself may not be searched, or is not there (yet). */
  | 'no-list'
  | 'list-unconfirmed'
  | 'list-from-future'
  | 'list-loading'
  | 'finger-incomparable'
  | 'face-incomparable'
  | 'finger-failed'
  | 'face-failed';

/** What a search of the list gave. Without a shortcoming it is complete: every alert was compared by all of `searched`. */
export interface SearchResult {
  readonly listVersion: string;
  /** An alert once for each means it was hit by, the best score first. */
  readonly hits: readonly Hit[];
  readonly searched: readonly Means[];
  readonly incomparable: { readonly finger: number; readonly face: number };
  readonly shortcomings: readonly Shortcoming[];
}

/** Who is searched for, by all that is known so far. */
export interface Subject {
  readonly document?: TravelDocument;
  readonly face?: FaceTemplate;
  readonly finger?: ListedFinger;
}

/** How templates are searched one to many; from the biometrics room. Each gives an empty searcher, which the list fills and closes. */
export interface Searchers {
  readonly fingers: () => Searcher<ListedFinger>;
  readonly faces: () => Searcher<ListedFace>;
}

/** What the list is searched with. Thresholds of biometrics belong to the searchers' models and have no default. */
export interface WatchlistSettings {
  readonly fingerThreshold: number;
  readonly faceThreshold: number;
  readonly nameThreshold?: number;
}

/** A list in memory, ready to be searched. */
export interface Watchlist {
  /** As it is recorded; `none` where there is no list. */
  readonly version: string;
  readonly madeAt: string;
  /** Settled when the galleries hold all fingers and faces that they take. */
  readonly ready: Promise<void>;
  /** Compares a subject with every alert; never stops at a hit. Fault `capture.cancelled` when the signal fires. */
  search(subject: Subject, signal: AbortSignal): Promise<SearchResult>;
  /** Forgets fingers and faces, whose memory is overwritten; for a list that another has replaced, or that is dead. */
  close(): void;
}

/** Set on generated names with spelling variants; test/watchlist/names.test.ts reports recall and false alarms. */
export const defaultNameThreshold = 0.84;

/** Takes a list into memory. The snapshot must fit its contract; templates that do not decode count as incomparable. */
export function openWatchlist(
  snapshot: WatchlistSnapshot,
  searchers: Searchers,
  settings: WatchlistSettings,
): Watchlist {
  const { madeAt, alerts } = snapshot;
  const version = snapshot.version === 0 ? 'none' : String(snapshot.version);
  const { nameThreshold = defaultNameThreshold } = settings;
  const documents = new DocumentIndex(alerts);
  const identities = alerts.flatMap((alert) =>
    alert.identities.map((identity) => ({ ...identity, reference: alert.reference })),
  );
  const names = new NameIndex(identities);
  const fingers = new TemplateList<ListedFinger>(
    searchers.fingers(),
    alerts.flatMap((alert) =>
      alert.fingers.map(({ position, model, version: made, template }) => ({
        id: alert.reference,
        position,
        template: { model, version: made, bytes: template },
      })),
    ),
  );
  const faces = new TemplateList<ListedFace>(
    searchers.faces(),
    alerts.flatMap((alert) =>
      alert.faces.map((face) => {
        const template = decodeFaceTemplate(face.model, face.version, face.template);
        return template && { id: alert.reference, template };
      }),
    ),
  );

  const byDocument = (document: TravelDocument): Hit[] => [
    ...documents
      .search(document.number, document.issuingState)
      .map(({ reference, score }): Hit => ({ alert: reference, by: 'document', score, threshold: documentThreshold })),
    ...names
      .search({ ...document, truncated: isTruncated(document) }, nameThreshold)
      .map(({ identity, score }): Hit => {
        const alert = identities[identity]?.reference ?? '';
        return { alert, by: 'name', score, threshold: nameThreshold };
      }),
  ];

  return {
    version,
    madeAt,
    ready: Promise.all([fingers.ready, faces.ready]).then(() => {}),
    close: () => {
      fingers.close();
      faces.close();
    },
    async search({ document, face, finger }, signal) {
      if (signal.aborted) throw new Fault('capture.cancelled');
      const outcomes = Promise.all([
        finger && attempt(fingers.search(finger, settings.fingerThreshold, signal)),
        face && attempt(faces.search({ template: face }, settings.faceThreshold, signal)),
      ]);
      const found = document ? byDocument(document) : [];
      const [fingerSearch, faceSearch] = await orAborted(outcomes, signal);
      const biometric = [
        ...account('finger', fingerSearch, settings.fingerThreshold),
        ...account('face', faceSearch, settings.faceThreshold),
      ];
      return {
        listVersion: version,
        hits: bestOfEach([...found, ...biometric.flatMap(({ hits }) => hits)]),
        searched: [...(document ? (['document', 'name'] as const) : []), ...biometric.map(({ by }) => by)],
        incomparable: { finger: countOf(fingerSearch), face: countOf(faceSearch) },
        shortcomings: biometric.flatMap(({ shortcomings }) => shortcomings),
      };
    },
  };
}

/** The name's field is full to its last place, so its end may be missing (ICAO Doc 9303 part 3, 4.6). */
function isTruncated({ format, lines }: TravelDocument): boolean {
  const field = at(lines, layouts[format].name);
  return field !== '' && !field.endsWith('<');
}

/** A searcher that fails must not take the other hits with it. */
async function attempt(search: Promise<TemplateSearch>): Promise<TemplateSearch | 'failed'> {
  try {
    return await search;
  } catch {
    return 'failed';
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new Fault('capture.cancelled'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

type Outcome = TemplateSearch | 'failed' | undefined;

function countOf(outcome: Outcome): number {
  return outcome === undefined || outcome === 'failed' ? 0 : outcome.incomparable;
}

function account(by: 'finger' | 'face', outcome: Outcome, threshold: number) {
  if (outcome === undefined) return [];
  if (outcome === 'failed') return [{ by, hits: [], shortcomings: [`${by}-failed` as const] }];
  const hits = outcome.matches.map(({ reference, score }): Hit => ({ alert: reference, by, score, threshold }));
  return [{ by, hits, shortcomings: outcome.incomparable > 0 ? [`${by}-incomparable` as const] : [] }];
}

function bestOfEach(hits: readonly Hit[]): Hit[] {
  const best = new Map<string, Hit>();
  for (const hit of hits) {
    const key = JSON.stringify([hit.by, hit.alert]);
    if (hit.score > (best.get(key)?.score ?? -Infinity)) best.set(key, hit);
  }
  return [...best.values()];
}
