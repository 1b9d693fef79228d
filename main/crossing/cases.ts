import type { FaceEngine } from '../biometrics/face/face-engine.ts';
import type { Decision, Evidence } from '../contract/crossing.ts';
import type { Case } from '../contract/guard.ts';
import { Fault } from '../contract/fault.ts';
import { wipe } from './records.ts';

/** The referred travellers that wait for a guard. In memory only: the sealed record is what lasts. */
export interface Cases {
  list(): Case[];
  add(crossingId: string, nowMs: number, evidence: Evidence, decision: Decision): Promise<void>;
  /**
   * Does the work that settles a case, then takes the case away and overwrites its images; a case whose work failed stays.
   * Fault `contract.breach` when there is no such case, or it is being settled already: a guard decides once.
   */
  settle(crossingId: string, work: () => Promise<void>): Promise<void>;
}

/** Opens the list of cases; `onChange` is told of every change. */
export function openCases(engine: Pick<FaceEngine, 'readPortrait'>, onChange: () => void): Cases {
  const cases = new Map<string, { view: Case; readonly evidence: Evidence; settling: boolean }>();
  return {
    list: () => [...cases.values()].map(({ view }) => view),
    async add(crossingId, nowMs, evidence, decision) {
      const view: Case = {
        crossingId,
        referredAt: new Date(nowMs).toISOString(),
        reasons: [...decision.reasons],
        ...(evidence.document && { document: evidence.document }),
        ...(evidence.face && { live: evidence.face.live }),
        ...(evidence.face?.comparison?.falseMatchRate !== undefined && {
          falseMatchRate: evidence.face.comparison.falseMatchRate,
        }),
        ...(evidence.challenge && {
          challenge: { passed: evidence.challenge.passed, steps: [...evidence.challenge.steps] },
        }),
      };
      const one = { view, evidence, settling: false };
      cases.set(crossingId, one);
      onChange();
      if (!evidence.portrait) return;
      const portrait = await engine.readPortrait(evidence.portrait).catch(() => undefined);
      if (!portrait) return;
      if (!cases.has(crossingId)) return void portrait.image.pixels.fill(0);
      one.view = { ...view, portrait: portrait.image };
      onChange();
    },
    async settle(crossingId, work) {
      const one = cases.get(crossingId);
      if (!one || one.settling) throw new Fault('contract.breach', 'no such case');
      one.settling = true;
      try {
        await work();
      } catch (error) {
        one.settling = false;
        throw error;
      }
      cases.delete(crossingId);
      one.view.portrait?.pixels.fill(0);
      wipe(one.evidence);
      onChange();
    },
  };
}
