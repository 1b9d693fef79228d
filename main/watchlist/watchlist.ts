import type { FaceTemplate } from '../contract/biometrics.ts';
import type { TravelDocument } from '../contract/document.ts';
import { decodeFaceTemplate } from '../contract/face-template.ts';
import { Fault } from '../contract/fault.ts';
import type { AlertOrder, WatchlistSnapshot } from '../contract/watchlist.ts';
import type { Means } from '../contract/policy.ts';
import { at, layouts } from '../document/layout.ts';
import { AlertOrders } from './alert-orders.ts';
import { DocumentIndex, documentThreshold } from './document-index.ts';
import { summarise } from './names/explanation.ts';
import type { Likeness } from './fusion.ts';
import { NameIndex } from './names/name-index.ts';
import {
  type ListedFace,
  type ListedFinger,
  type Searcher,
  TemplateList,
  type TemplateSearch,
} from './template-list.ts';

/** An alert that a traveller is like: enough by itself where the score reaches the threshold, else only with what else there is. */
export type Hit = Likeness;

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
  /** How many alerts the list has. */
  readonly alerts: number;
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
  /** From which score on a template counts together with other means; absent: as by itself. */
  readonly candidates?: { readonly finger: number; readonly face: number };
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
  /** What is to be done about an alert, by its reference; undefined where the list has none of that name. */
  order(reference: string): AlertOrder | undefined;
  /** Forgets fingers and faces, whose memory is overwritten; for a list that another has replaced, or that is dead. */
  close(): void;
}

/** Tuned on half of what `npm run evaluate -- drawn-names` asks; docs/names.md states the other half. */
export const defaultNameThreshold = 0.82;

/** Takes a list into memory. The snapshot must fit its contract; templates that do not decode count as incomparable. */
export function openWatchlist(
  snapshot: WatchlistSnapshot,
  searchers: Searchers,
  settings: WatchlistSettings,
): Watchlist {
  const { madeAt, alerts } = snapshot;
  const version = snapshot.version === 0 ? 'none' : String(snapshot.version);
  const { nameThreshold = defaultNameThreshold } = settings;
  const fingerFrom = Math.min(settings.candidates?.finger ?? Infinity, settings.fingerThreshold);
  const faceFrom = Math.min(settings.candidates?.face ?? Infinity, settings.faceThreshold);
  const orders = new AlertOrders(alerts);
  const hitOf = (alert: string, by: Means, score: number, threshold: number): Hit => ({
    alert,
    ...orders.of(alert, by),
    by,
    score,
    threshold,
  });
  const documents = new DocumentIndex(alerts);
  const names = new NameIndex(alerts.flatMap(({ identities }) => identities));
  /** Whose the identities of the index are. */
  const named = alerts.flatMap(({ reference, identities }) => identities.map(() => reference));
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
      .map(({ reference, score }) => hitOf(reference, 'document', score, documentThreshold)),
    ...names
      .search({ ...document, truncated: isTruncated(document) }, nameThreshold)
      .map(({ identity, score, words, birthDate }) => ({
        ...hitOf(named[identity] ?? '', 'name', score, nameThreshold),
        detail: summarise(words, birthDate),
      })),
  ];

  return {
    version,
    madeAt,
    order: (reference) => orders.order(reference),
    ready: Promise.all([fingers.ready, faces.ready]).then(() => undefined),
    close: () => {
      fingers.close();
      faces.close();
    },
    async search({ document, face, finger }, signal) {
      if (signal.aborted) throw new Fault('capture.cancelled');
      const outcomes = Promise.all([
        finger && attempt(fingers.search(finger, fingerFrom, signal)),
        face && attempt(faces.search({ template: face }, faceFrom, signal)),
      ]);
      const found = document ? byDocument(document) : [];
      const [fingerSearch, faceSearch] = await orAborted(outcomes, signal);
      const biometric = [
        ...account('finger', fingerSearch, (alert, score) => hitOf(alert, 'finger', score, settings.fingerThreshold)),
        ...account('face', faceSearch, (alert, score) => hitOf(alert, 'face', score, settings.faceThreshold)),
      ];
      return {
        listVersion: version,
        alerts: orders.size,
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

function account(by: 'finger' | 'face', outcome: Outcome, hitOf: (alert: string, score: number) => Hit) {
  if (outcome === undefined) return [];
  if (outcome === 'failed') return [{ by, hits: [], shortcomings: [`${by}-failed` as const] }];
  const hits = outcome.matches.map(({ reference, score }) => hitOf(reference, score));
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
