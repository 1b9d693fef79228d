import type { Case, Notice, Present } from '../contract/guard.ts';
import type { Inquiries } from './inquiries.ts';

/** Whom the guard is told of, and by which words. */
export interface GuardNewsOptions {
  readonly cases: () => readonly Case[];
  /** The crossing at the gate, if there is one. */
  readonly crossingId: () => string | undefined;
  /** Absent where no central system is asked. */
  readonly inquiries: Inquiries | undefined;
  readonly tell: {
    (name: 'cases', value: Case[]): void;
    (name: 'present', value: Present): void;
    (name: 'notices', value: Notice[]): void;
  };
  /** Findings were told. */
  readonly onTold: () => void;
}

/** Tells the guard of travellers: who waits, who is at the gate, and what central systems say of them. */
export interface GuardNews {
  cases(): void;
  /** Answers come in quick succession; the guard is told once of those that come together. */
  findings(): void;
}

/** Makes the guard's news, and tells that there are none yet. */
export function openGuardNews({ cases, crossingId, inquiries, tell, onTold }: GuardNewsOptions): GuardNews {
  let telling = false;
  const tellCases = () =>
    tell(
      'cases',
      cases().map((each) => {
        const findings = inquiries?.findings(each.crossingId);
        return findings ? { ...each, findings } : each;
      }),
    );
  tell('cases', []);
  tell('present', null);
  tell('notices', []);
  return {
    cases: tellCases,
    findings() {
      if (telling || !inquiries) return;
      telling = true;
      queueMicrotask(() => {
        telling = false;
        if (cases().length > 0) tellCases();
        const id = crossingId();
        const findings = id === undefined ? undefined : inquiries.findings(id);
        tell('present', id !== undefined && findings ? { crossingId: id, findings } : null);
        tell('notices', [...inquiries.notices()]);
        onTold();
      });
    },
  };
}
