import type { FaceEvidence, FingerEvidence } from '../contract/biometrics.ts';
import type { TravelDocument } from '../contract/document.ts';
import { encodeFaceTemplate } from '../contract/face-template.ts';
import { newIdentifier } from '../contract/identifier.ts';
import { SearchDataType, SearchQuery, type SearchSource } from '../contract/search.ts';

/** Whom a question is about: what was read of them, and what was captured. */
export interface Subject {
  readonly document: TravelDocument;
  readonly face?: FaceEvidence;
  readonly fingers?: readonly FingerEvidence[];
}

/** Who asks and why (R22). */
export interface Asker {
  readonly authority: string;
  readonly purpose: string;
  readonly staffId: string;
}

/** What a question is made of besides its id and its sources. */
export type Wanted = Omit<SearchQuery, 'id' | 'sources'>;

/**
 * What to ask about somebody, with no more data than there is and the contract takes; undefined when nothing is left to ask
 * with. Of fingers whose position comes twice the better is asked about.
 */
export function wantedOf(subject: Subject, asker: Asker, caseId: string): Wanted | undefined {
  const { number, issuingState, surname, givenNames, birthDate } = subject.document;
  const shape = SearchQuery.shape;
  const parts = {
    document: shape.document.safeParse({ number, issuingState }).data,
    identity: shape.identity.safeParse({ surname, givenNames, birthDate }).data,
    finger: shape.finger.safeParse(fingersOf(subject.fingers ?? [])).data,
    face: shape.face.safeParse(subject.face && faceOf(subject.face)).data,
  };
  const dataTypes = SearchDataType.options.filter((type) => parts[type] !== undefined);
  if (dataTypes.length === 0) return undefined;
  const there = Object.fromEntries(dataTypes.map((type) => [type, parts[type]]));
  return { format: 'limen-search', version: 1, ...asker, caseId, dataTypes, ...there };
}

/** The question itself; its id is fresh, as each has its own. */
export function queryOf(wanted: Wanted, sources: readonly SearchSource[], nowMs: number): SearchQuery {
  return { ...wanted, id: newIdentifier(nowMs), sources: [...sources] };
}

function fingersOf(fingers: readonly FingerEvidence[]) {
  const best = fingers
    .toSorted((a, b) => b.quality - a.quality)
    .filter(({ position }, at, all) => all.findIndex((other) => other.position === position) === at);
  return best.map(({ position, template, quality }) => ({
    position,
    model: template.model,
    version: template.version,
    template: Buffer.from(template.bytes).toString('base64'),
    quality,
  }));
}

function faceOf({ template, quality }: FaceEvidence) {
  const { model, version } = template;
  return { model, version, template: Buffer.from(encodeFaceTemplate(template)).toString('base64'), quality };
}
