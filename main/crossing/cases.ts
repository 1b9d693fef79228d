import type { FaceEngine } from '../biometrics/face/face-engine.ts';
import type { Decision, Evidence } from '../contract/crossing.ts';
import type { Case } from '../contract/guard.ts';
import { Fault } from '../contract/fault.ts';
import { wipe } from './records.ts';

/** The referred travellers that wait for a guard. In memory only: the sealed record is what lasts. */
export interface Cases {
  list(): Case[];
  add(crossingId: string, nowMs: number, evidence: Evidence, decision: Decision): Promise<void>;
  /** Fault `contract.breach` when there is no such case. */
  require(crossingId: string): void;
  /** Takes a case away and overwrites its images. Fault `contract.breach` when there is no such case. */
  close(crossingId: string): void;
}

/** Opens the list of cases; `onChange` is told of every change. */
export function openCases(engine: Pick<FaceEngine, 'readPortrait'>, onChange: () => void): Cases {
  const cases = new Map<string, { view: Case; evidence: Evidence }>();
  const put = (view: Case, evidence: Evidence) => {
    cases.set(view.crossingId, { view, evidence });
    onChange();
  };
  const caseOf = (crossingId: string) => {
    const one = cases.get(crossingId);
    if (!one) throw new Fault('contract.breach', 'no such case');
    return one;
  };
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
      put(view, evidence);
      if (!evidence.portrait) return;
      const portrait = await engine.readPortrait(evidence.portrait).catch(() => undefined);
      if (portrait && cases.has(crossingId)) put({ ...view, portrait: portrait.image }, evidence);
    },
    require: (crossingId) => void caseOf(crossingId),
    close(crossingId) {
      const one = caseOf(crossingId);
      cases.delete(crossingId);
      one.view.portrait?.pixels.fill(0);
      wipe(one.evidence);
      onChange();
    },
  };
}
