import fc from 'fast-check';
import type { ChallengeEvidence, Comparison, FaceEvidence, FingerEvidence } from '../../main/contract/biometrics.ts';
import { faults, type FaultCode } from '../../main/contract/fault.ts';
import type { TravelDocument } from '../../main/contract/document.ts';
import type { Event, Limits } from '../../main/journey/journey.ts';

/** Limits as a gate would have them. */
export const limits: Limits = {
  documentAttempts: 2,
  faceAttempts: 2,
  challengeAttempts: 2,
  fingerPositions: ['right-index', 'right-index', 'left-index'],
};

export const travelDocument: TravelDocument = {
  format: 'TD3',
  code: 'P',
  issuingState: 'UTO',
  number: 'L898902C3',
  surname: 'ERIKSSON',
  givenNames: 'ANNA MARIA',
  nationality: 'UTO',
  birthDate: '1974-08-12',
  sex: 'F',
  expiryDate: '2032-04-15',
  optionalData: '',
  lines: ['P<UTOERIKSSON<<ANNA<MARIA', 'L898902C36UTO7408122F3204159'],
};

/** A face as captured, with the comparison given. */
export function faceOf(comparison?: Comparison): FaceEvidence {
  return {
    live: { widthPx: 1, heightPx: 1, pixels: new Uint8Array([1, 2, 3]) },
    template: { model: 'm', version: '1', values: new Float32Array([1]) },
    quality: 80,
    ...(comparison && { comparison }),
  };
}

/** How a challenge went, with one frame of it. */
export function challengeOf(passed: boolean): ChallengeEvidence {
  const image = { widthPx: 1, heightPx: 1, pixels: new Uint8Array([4, 5, 6]) };
  return { passed, steps: [{ prompt: 'turn-left', measured: 0.1, needed: 0.08, image }] };
}

export const finger: FingerEvidence = {
  position: 'right-index',
  image: { widthPx: 1, heightPx: 1, dpi: 500, pixels: new Uint8Array([7]) },
  template: { model: 'f', version: '1', bytes: new Uint8Array([9]) },
  quality: 70,
};

export const matched: Comparison = { score: 0.9, threshold: 0.5, matched: true, model: 'm' };
export const unmatched: Comparison = { score: 0.1, threshold: 0.5, matched: false, model: 'm' };

const fault = fc.constantFrom(...(Object.keys(faults) as FaultCode[]));

/** Any event at all, in any order: what a hostile afternoon could bring. */
export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constant<Event>({ type: 'begun', crossingId: '0197e0a0-0000-7000-8000-000000000000' }),
  fc.constantFrom<Event>({ type: 'chose', language: 'en' }, { type: 'chose', language: 'ar' }),
  fc.constantFrom<Event>({ type: 'stayed' }, { type: 'left' }, { type: 'helped' }, { type: 'elapsed' }),
  fc.constant<Event>({ type: 'document-read', document: travelDocument, reasons: [], portrait: new Uint8Array([1]) }),
  fc.constant<Event>({ type: 'document-read', document: travelDocument, reasons: [{ code: 'document-expired' }] }),
  fc.constant<Event>({ type: 'document-unread', reason: { code: 'document-check-digit' } }),
  fc.constant<Event>({ type: 'face-hint', hint: 'closer', box: null, progress: 0.2 }),
  fc.constantFrom<Event>(
    { type: 'face-captured', face: faceOf(matched) },
    { type: 'face-captured', face: faceOf(unmatched) },
    { type: 'face-missed' },
  ),
  fc.constant<Event>({ type: 'challenge-hint', prompt: 'turn-right', hint: 'hold', box: null, progress: 0.4 }),
  fc.boolean().map<Event>((passed) => ({ type: 'challenge-ended', challenge: challengeOf(passed) })),
  fc.constantFrom<Event>({ type: 'finger-captured', finger }, { type: 'finger-poor', hint: 'press-harder' }),
  fc.constantFrom<Event>(
    { type: 'decided', decision: { outcome: 'clear', reasons: [] } },
    { type: 'decided', decision: { outcome: 'refer', reasons: [{ code: 'watchlist-name' }] } },
  ),
  fc.constantFrom<Event>({ type: 'recorded' }, { type: 'passage-ended' }, { type: 'interrupted' }),
  fc
    .constantFrom('second-person' as const, 'tailgating' as const)
    .map<Event>((reason) => ({ type: 'crowded', reason })),
  fc.boolean().map<Event>((open) => ({ type: 'availability', open })),
  fault.map<Event>((code) => ({ type: 'failed', fault: code })),
);

/** The events of an uneventful crossing, up to the decision. */
export const smooth: readonly Event[] = [
  { type: 'begun', crossingId: '0197e0a0-0000-7000-8000-000000000000' },
  { type: 'chose', language: 'fr' },
  { type: 'document-read', document: travelDocument, reasons: [], portrait: new Uint8Array([1]) },
  { type: 'face-captured', face: faceOf(matched) },
  { type: 'challenge-ended', challenge: challengeOf(true) },
  { type: 'finger-captured', finger },
  { type: 'decided', decision: { outcome: 'clear', reasons: [] } },
  { type: 'recorded' },
];
