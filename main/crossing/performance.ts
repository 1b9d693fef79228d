import type { Decision, Evidence } from '../contract/crossing.ts';
import type { LimenRecord } from '../contract/record.ts';
import type { Devices } from '../devices/registry.ts';
import type { Measures } from '../diagnostics/measures.ts';
import type { Crossing, Event } from '../journey/journey.ts';
import type { Perform } from '../journey/runner.ts';
import type { Store } from '../store/store.ts';
import type { Cases } from './cases.ts';
import type { DocumentStation } from './document-station.ts';
import type { FaceStation } from './face-station.ts';
import type { FingerStation } from './finger-station.ts';
import type { Inquiries } from './inquiries.ts';
import { closeGate, openForPassage } from './gate-station.ts';
import { alarmRecords, crossingRecords, type RecordOrigin, wipe } from './records.ts';

export interface PerformanceOptions {
  readonly document: DocumentStation;
  readonly face: FaceStation;
  readonly finger: FingerStation;
  readonly devices: Devices;
  readonly store: Store;
  readonly cases: Cases;
  readonly measures: Measures;
  readonly origin: () => RecordOrigin;
  /** What central systems are asked; absent where there are none. */
  readonly inquiries?: Inquiries | undefined;
  decide(crossing: Crossing, signal: AbortSignal): Promise<Decision>;
  context(crossingId: string): { fallback: boolean; watchlistVersion: string; policyVersion?: string };
  /** Seals and stores records with the outcome of their crossing, all or nothing. */
  conclude(crossingId: string, outcome: string, records: readonly LimenRecord[]): Promise<void>;
}

/** What each effect of the journey means at this gate. */
export function performance(options: PerformanceOptions): Perform {
  const { document, face, finger, devices, store, cases, measures, origin, inquiries } = options;
  return async (effect, signal, send) => {
    const outcome = async (name: string, work: () => Promise<Event | undefined>) => {
      const event = await measures.time(name, work);
      // What comes when its stage has been left is heard by nobody.
      if (event && signal.aborted) wipe(broughtBy(event));
      else if (event) send(event);
    };
    switch (effect.do) {
      case 'begin':
        return store.begin({ crossingId: effect.crossingId, startedAt: new Date(origin().nowMs).toISOString() });
      case 'read-document':
        return outcome('document', () => document.read(signal, send));
      case 'capture-face':
        return outcome('face', () => face.capture(effect.portrait, signal, send));
      case 'challenge-face':
        return outcome('challenge', () => face.challenge(effect.reference, signal, send));
      case 'capture-finger':
        return outcome('finger', () => finger.capture(effect.position, signal, send));
      case 'ask':
        return inquiries?.ask(effect.crossing.id, effect.crossing.evidence);
      case 'decide':
        return outcome('decision', async () => ({
          type: 'decided',
          decision: await options.decide(effect.crossing, signal),
        }));
      case 'record': {
        const { crossing, decision } = effect;
        inquiries?.decided(crossing.id, decision.outcome);
        const context = options.context(crossing.id);
        const records = crossingRecords(origin(), crossing.id, crossing.evidence, decision, context);
        await measures.time('record', () => options.conclude(crossing.id, decision.outcome, records));
        return send({ type: 'recorded' });
      }
      case 'open-gate':
        return send(
          (await openForPassage(devices, signal)) === 'not-alone'
            ? { type: 'crowded', reason: 'tailgating' }
            : { type: 'passage-ended' },
        );
      case 'close-gate':
        return closeGate(devices);
      case 'call-guard': {
        const { crossing, decision } = effect;
        // Hits are among the crossing's own records; who follows is seen when those have been stored.
        const followed = decision.reasons.filter(({ code }) => code === 'tailgating');
        const alarms = alarmRecords(origin(), crossing.id, followed);
        await Promise.all([
          cases.add(crossing.id, origin().nowMs, crossing.evidence, decision),
          alarms.length > 0 && options.conclude(crossing.id, decision.outcome, alarms),
        ]);
        return;
      }
      case 'abandon':
        inquiries?.left(effect.crossing.id);
        wipe(effect.crossing.evidence);
        return store.abandon(effect.crossing.id);
      case 'wipe':
        return wipe(effect.evidence);
    }
  };
}

/** What an event brings of the traveller. */
function broughtBy(event: Event): Evidence {
  const reasons: Evidence['reasons'] = [];
  if (event.type === 'document-read' && event.portrait) return { reasons, portrait: event.portrait };
  if (event.type === 'face-captured') return { reasons, face: event.face };
  if (event.type === 'challenge-ended') return { reasons, challenge: event.challenge };
  if (event.type === 'finger-captured') return { reasons, finger: event.finger, otherFingers: event.others ?? [] };
  return { reasons };
}
