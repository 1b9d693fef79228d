import type {
  ChallengeEvidence,
  ChallengePrompt,
  FaceEvidence,
  FaceHint,
  FaceTemplate,
  FingerEvidence,
  FingerHint,
  FingerPosition,
} from '../contract/biometrics.ts';
import type { Decision, Evidence, Reason } from '../contract/crossing.ts';
import type { DocumentHint, TravelDocument } from '../contract/document.ts';
import type { FaultCode } from '../contract/fault.ts';
import type { Rect } from '../contract/image.ts';
import type { Language } from '../contract/traveller.ts';

/** One traveller's way through the gate. `language` is null until it is chosen. */
export interface Crossing {
  readonly id: string;
  readonly language: Language | null;
  readonly evidence: Evidence;
}

/** Where a crossing stands. Only the fields of its stage exist, so nothing outlives its use. */
export type State =
  | { readonly stage: 'attract' }
  | { readonly stage: 'unavailable' }
  | { readonly stage: 'language'; readonly crossing: Crossing }
  | { readonly stage: 'document'; readonly crossing: Crossing; readonly attempt: number; readonly hint: DocumentHint }
  | {
      readonly stage: 'face';
      readonly crossing: Crossing;
      readonly attempt: number;
      readonly hint: FaceHint;
      readonly box: Rect | null;
      readonly progress: number;
    }
  | {
      readonly stage: 'challenge';
      readonly crossing: Crossing;
      readonly attempt: number;
      readonly prompt: ChallengePrompt;
      readonly hint: FaceHint;
      readonly box: Rect | null;
      readonly progress: number;
    }
  | {
      readonly stage: 'finger';
      readonly crossing: Crossing;
      readonly attempt: number;
      readonly position: FingerPosition;
      readonly hint: FingerHint;
    }
  | { readonly stage: 'deciding'; readonly crossing: Crossing }
  | { readonly stage: 'recording'; readonly crossing: Crossing; readonly decision: Decision }
  | { readonly stage: 'passed'; readonly crossing: Crossing }
  | { readonly stage: 'referred'; readonly language: Language | null };

/** What can happen: the traveller acts, a device or a room reports, or time passes. */
export type Event =
  | { readonly type: 'begun'; readonly crossingId: string }
  | { readonly type: 'chose'; readonly language: Language }
  | { readonly type: 'stayed' }
  | { readonly type: 'left' }
  | { readonly type: 'helped' }
  | { readonly type: 'elapsed' }
  | { readonly type: 'document-hint'; readonly hint: DocumentHint }
  | {
      readonly type: 'document-read';
      readonly document: TravelDocument;
      readonly reasons: readonly Reason[];
      readonly portrait?: Uint8Array;
    }
  | { readonly type: 'document-unread'; readonly reason: Reason; readonly document?: TravelDocument }
  | { readonly type: 'face-hint'; readonly hint: FaceHint; readonly box: Rect | null; readonly progress: number }
  | { readonly type: 'face-captured'; readonly face: FaceEvidence }
  | { readonly type: 'face-missed' }
  | {
      readonly type: 'challenge-hint';
      readonly prompt: ChallengePrompt;
      readonly hint: FaceHint;
      readonly box: Rect | null;
      readonly progress: number;
    }
  | { readonly type: 'challenge-ended'; readonly challenge: ChallengeEvidence }
  | { readonly type: 'finger-hint'; readonly hint: FingerHint }
  /** `others`: what else lay on a four-finger scanner. */
  | { readonly type: 'finger-captured'; readonly finger: FingerEvidence; readonly others?: readonly FingerEvidence[] }
  | { readonly type: 'finger-poor'; readonly hint: FingerHint }
  | { readonly type: 'decided'; readonly decision: Decision }
  | { readonly type: 'recorded' }
  | { readonly type: 'passage-ended' }
  /** More people than one: seen in the gate, or following through it. */
  | { readonly type: 'crowded'; readonly reason: 'second-person' | 'tailgating' }
  | { readonly type: 'failed'; readonly fault: FaultCode }
  | { readonly type: 'availability'; readonly open: boolean }
  | { readonly type: 'interrupted' };

/** How long a stage may last; the runner holds the milliseconds. */
export type Span = Exclude<State['stage'], 'attract' | 'unavailable'>;

/** Work for the runner. Entering a stage cancels whatever the stage before was doing. */
export type Effect =
  | { readonly do: 'begin'; readonly crossingId: string }
  | { readonly do: 'read-document' }
  | { readonly do: 'capture-face'; readonly portrait: Uint8Array | undefined; readonly attempt: number }
  | { readonly do: 'challenge-face'; readonly reference: FaceTemplate; readonly attempt: number }
  | { readonly do: 'capture-finger'; readonly position: FingerPosition }
  /** Something new is known of the traveller: the portal is asked about it while the crossing goes on. */
  | { readonly do: 'ask'; readonly crossing: Crossing }
  | { readonly do: 'decide'; readonly crossing: Crossing }
  | { readonly do: 'record'; readonly crossing: Crossing; readonly decision: Decision }
  | { readonly do: 'open-gate' }
  | { readonly do: 'close-gate' }
  | { readonly do: 'call-guard'; readonly crossing: Crossing; readonly decision: Decision }
  | { readonly do: 'abandon'; readonly crossing: Crossing }
  | { readonly do: 'wipe'; readonly evidence: Evidence }
  | { readonly do: 'wait'; readonly span: Span };

/** A state, and the effects of having come to it. */
export type Step = readonly [State, ...Effect[]];

/** How often each capture is tried: configuration. A finger attempt asks for the position of its turn. */
export interface Limits {
  readonly documentAttempts: number;
  readonly faceAttempts: number;
  /** How often a challenge may be tried after the face; 0 asks for none. */
  readonly challengeAttempts: number;
  readonly fingerPositions: readonly FingerPosition[];
}

type Stages = {
  [S in State['stage']]: (state: Extract<State, { stage: S }>, event: Event, limits: Limits) => Step | undefined;
};

const attract: Step = [{ stage: 'attract' }];

const abandon = (crossing: Crossing): Step => [{ stage: 'attract' }, { do: 'abandon', crossing }];

const gathering = (crossing: Crossing, more: Partial<Evidence>): Crossing => ({
  ...crossing,
  evidence: { ...crossing.evidence, ...more },
});

const noting = (crossing: Crossing, ...reasons: readonly Reason[]): Crossing =>
  gathering(crossing, { reasons: [...crossing.evidence.reasons, ...reasons] });

const seekDocument = (crossing: Crossing, attempt: number, hint: DocumentHint): Step => [
  { stage: 'document', crossing, attempt, hint },
  { do: 'read-document' },
  { do: 'wait', span: 'document' },
];

const seekFace = (crossing: Crossing, attempt: number, hint: FaceHint): Step => [
  { stage: 'face', crossing, attempt, hint, box: null, progress: 0 },
  { do: 'capture-face', portrait: crossing.evidence.portrait, attempt },
  { do: 'wait', span: 'face' },
];

const seekChallenge = (crossing: Crossing, attempt: number, reference: FaceTemplate): Step => [
  { stage: 'challenge', crossing, attempt, prompt: 'centre', hint: 'hold', box: null, progress: 0 },
  { do: 'challenge-face', reference, attempt },
  { do: 'wait', span: 'challenge' },
];

const seekFinger = (crossing: Crossing, attempt: number, hint: FingerHint, limits: Limits): Step => {
  const position = limits.fingerPositions[attempt - 1] ?? 'unknown';
  return [
    { stage: 'finger', crossing, attempt, position, hint },
    { do: 'capture-finger', position },
    { do: 'wait', span: 'finger' },
  ];
};

const decide = (crossing: Crossing): Step => [
  { stage: 'deciding', crossing },
  { do: 'decide', crossing },
  { do: 'wait', span: 'deciding' },
];

/** Asks first, so that the answers come while the next stage goes on. */
const asking = (crossing: Crossing, [state, ...effects]: Step): Step => [state, { do: 'ask', crossing }, ...effects];

const record = (crossing: Crossing, decision: Decision): Step => [
  { stage: 'recording', crossing, decision },
  { do: 'record', crossing, decision },
  { do: 'wait', span: 'recording' },
];

/** Refers with what is known so far: used where the machine itself cannot go on. */
const referNow = (crossing: Crossing, reason: Reason): Step => {
  const noted = noting(crossing, reason);
  return record(noted, { outcome: 'refer', reasons: [...noted.evidence.reasons] });
};

/** Trouble on the way outweighs a clear decision, whoever made it. */
const tempered = (crossing: Crossing, decision: Decision): Decision =>
  crossing.evidence.reasons.length === 0 || decision.outcome === 'refer'
    ? decision
    : { ...decision, outcome: 'refer', reasons: [...crossing.evidence.reasons] };

const referred = (crossing: Crossing, decision: Decision): Step => [
  { stage: 'referred', language: crossing.language },
  { do: 'call-guard', crossing, decision },
  { do: 'wait', span: 'referred' },
];

/** The gate is closed on one who was cleared, and the guard sees to it. */
const shutOut = (crossing: Crossing, reason: Reason): Step => {
  const [state, ...effects] = referred(crossing, { outcome: 'refer', reasons: [reason] });
  return [state, { do: 'close-gate' }, ...effects];
};

const deviceFault = (fault: FaultCode): Reason => ({ code: 'device-fault', detail: fault });

const stages: Stages = {
  attract(_, event) {
    if (event.type === 'begun') {
      const crossing: Crossing = { id: event.crossingId, language: null, evidence: { reasons: [] } };
      return [
        { stage: 'language', crossing },
        { do: 'begin', crossingId: crossing.id },
        { do: 'wait', span: 'language' },
      ];
    }
    if (event.type === 'availability' && !event.open) return [{ stage: 'unavailable' }];
    if (event.type === 'interrupted')
      return [
        { stage: 'referred', language: null },
        { do: 'wait', span: 'referred' },
      ];
  },

  unavailable(_, event) {
    if (event.type === 'availability' && event.open) return attract;
  },

  language({ crossing }, event) {
    if (event.type === 'chose') return seekDocument({ ...crossing, language: event.language }, 1, 'place');
    if (event.type === 'failed') return abandon(crossing);
  },

  document(state, event, limits) {
    const { crossing, attempt } = state;
    if (event.type === 'document-hint') return [{ ...state, hint: event.hint }];
    if (event.type === 'document-read') {
      const { document, portrait, reasons } = event;
      const read = noting(gathering(crossing, { document, ...(portrait && { portrait }) }), ...reasons);
      return asking(read, reasons.length > 0 ? decide(read) : seekFace(read, 1, 'find'));
    }
    if (event.type === 'document-unread') {
      if (attempt < limits.documentAttempts) return seekDocument(crossing, attempt + 1, 'again');
      return decide(noting(gathering(crossing, event.document ? { document: event.document } : {}), event.reason));
    }
    if (event.type === 'failed') return referNow(crossing, deviceFault(event.fault));
  },

  face(state, event, limits) {
    const { crossing, attempt } = state;
    if (event.type === 'face-hint') {
      const { hint, box, progress } = event;
      return [{ ...state, hint, box, progress }];
    }
    if (event.type === 'face-captured') {
      if (event.face.comparison?.matched === false && attempt < limits.faceAttempts)
        return [
          ...seekFace(crossing, attempt + 1, 'still'),
          { do: 'wipe', evidence: { reasons: [], face: event.face } },
        ];
      const gathered = gathering(crossing, { face: event.face });
      // Whom the portrait does not match sees the guard anyway.
      return asking(
        gathered,
        limits.challengeAttempts > 0 && event.face.comparison?.matched !== false
          ? seekChallenge(gathered, 1, event.face.template)
          : seekFinger(gathered, 1, 'place', limits),
      );
    }
    if (event.type === 'face-missed')
      return seekFinger(noting(crossing, { code: 'face-not-captured' }), 1, 'place', limits);
    if (event.type === 'failed') return referNow(crossing, deviceFault(event.fault));
  },

  challenge(state, event, limits) {
    const { crossing, attempt } = state;
    if (event.type === 'challenge-hint') {
      const { prompt, hint, box, progress } = event;
      return [{ ...state, prompt, hint, box, progress }];
    }
    if (event.type === 'challenge-ended') {
      const { passed } = event.challenge;
      // The frames of every attempt are kept: the guard sees them, and they are overwritten together.
      const steps = [...(crossing.evidence.challenge?.steps ?? []), ...event.challenge.steps];
      const gathered = gathering(crossing, { challenge: { passed, steps } });
      if (passed) return seekFinger(gathered, 1, 'place', limits);
      const reference = crossing.evidence.face?.template;
      if (reference && attempt < limits.challengeAttempts) return seekChallenge(gathered, attempt + 1, reference);
      return seekFinger(noting(gathered, { code: 'challenge-not-passed' }), 1, 'place', limits);
    }
    if (event.type === 'failed') return referNow(crossing, deviceFault(event.fault));
  },

  finger(state, event, limits) {
    const { crossing, attempt } = state;
    if (event.type === 'finger-hint') return [{ ...state, hint: event.hint }];
    if (event.type === 'finger-captured') {
      const { finger, others } = event;
      const gathered = gathering(crossing, { finger, ...(others && { otherFingers: others }) });
      return asking(gathered, decide(gathered));
    }
    if (event.type === 'finger-poor') {
      if (attempt < limits.fingerPositions.length) return seekFinger(crossing, attempt + 1, event.hint, limits);
      return decide(noting(crossing, { code: 'finger-not-captured' }));
    }
    if (event.type === 'failed') return referNow(crossing, deviceFault(event.fault));
  },

  deciding({ crossing }, event) {
    if (event.type === 'decided') return record(crossing, tempered(crossing, event.decision));
    if (event.type === 'failed') return referNow(crossing, deviceFault(event.fault));
    if (event.type === 'elapsed') return referNow(crossing, { code: 'time-out', detail: 'deciding' });
  },

  recording({ crossing, decision }, event) {
    if (event.type === 'recorded') {
      // Someone may have stepped in since it was decided.
      const now = tempered(crossing, decision);
      if (now.outcome !== 'clear') return referred(crossing, now);
      return [{ stage: 'passed', crossing }, { do: 'open-gate' }, { do: 'wait', span: 'passed' }];
    }
    if (event.type === 'failed' || event.type === 'elapsed') {
      const reasons = [...decision.reasons, { code: 'record-not-stored' as const }];
      return referred(crossing, { outcome: 'refer', reasons });
    }
  },

  passed({ crossing }, event) {
    if (event.type === 'passage-ended' || event.type === 'elapsed')
      return [{ stage: 'attract' }, { do: 'close-gate' }, { do: 'wipe', evidence: crossing.evidence }];
    if (event.type === 'failed') return shutOut(crossing, deviceFault(event.fault));
    if (event.type === 'crowded') return shutOut(crossing, { code: event.reason });
  },

  referred(_, event) {
    if (event.type === 'elapsed') return attract;
  },
};

/** Stages that the traveller may leave, and that silence leaves: nothing of them is kept. */
const open = new Set<State['stage']>(['language', 'document', 'face', 'challenge', 'finger']);

/** What happens next, and nothing else. An event that a stage has no use for changes nothing. */
export function step(state: State, event: Event, limits: Limits): Step {
  if ('crossing' in state && open.has(state.stage)) {
    if (event.type === 'left' || event.type === 'elapsed') return abandon(state.crossing);
    if (event.type === 'helped') return referNow(state.crossing, { code: 'assistance-requested' });
    if (event.type === 'stayed') return [state, { do: 'wait', span: state.stage as Span }];
  }
  // It is noted, and the crossing goes on: the guard decides, with all that was gathered.
  if ('crossing' in state && event.type === 'crowded' && state.stage !== 'passed') {
    const known = state.crossing.evidence.reasons.some(({ code }) => code === event.reason);
    return [known ? state : { ...state, crossing: noting(state.crossing, { code: event.reason }) }];
  }
  const stage = stages[state.stage] as (state: State, event: Event, limits: Limits) => Step | undefined;
  return stage(state, event, limits) ?? [state];
}
