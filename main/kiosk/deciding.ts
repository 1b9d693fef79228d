import type { Decision } from '../contract/crossing.ts';
import type { Inquiries } from '../crossing/inquiries.ts';
import { nameOf, type Notices } from '../crossing/notices.ts';
import type { Crossing } from '../journey/journey.ts';
import { decide, silentHits } from '../watchlist/decision.ts';
import type { LocalList } from '../watchlist/local-list.ts';
import type { PolicyInForce } from '../watchlist/policy.ts';

/** What a decision is made from. */
export interface DecidingOptions {
  readonly list: Pick<LocalList, 'search'>;
  /** Absent where no central system is asked. */
  readonly inquiries: Pick<Inquiries, 'verdict'> | undefined;
  readonly policy: PolicyInForce;
  readonly notices: Pick<Notices, 'add'>;
  /** YYYY-MM-DD. */
  readonly today: () => string;
  /** Whether travellers are asked to follow prompts. */
  readonly challenged: boolean;
}

/** Makes what decides on a crossing: the local list, the answers of the central systems, the evidence. Fault: `capture.cancelled`. */
export function deciding({ list, inquiries, policy, notices, today, challenged }: DecidingOptions) {
  return async ({ id, evidence }: Crossing, signal: AbortSignal): Promise<Decision> => {
    const { document, face, finger } = evidence;
    const subject = { ...(document && { document }), ...(face && { face: face.template }), ...(finger && { finger }) };
    const search = await list.search(subject, signal);
    // A document that was not accepted ends the crossing before biometrics are asked for.
    const asked = !evidence.reasons.some(({ code }) => code.startsWith('document-'));
    // One who is referred anyway is not kept waiting for answers: the guard sees them come.
    const told = asked && (await inquiries?.verdict(id, signal));
    const whole = told ? { ...evidence, reasons: [...evidence.reasons, ...told.reasons] } : evidence;
    const decision = decide(whole, search, {
      today: today(),
      policy,
      notices: told ? told.notices : [],
      faceRequired: asked,
      // Whom the portrait does not match is referred without one.
      challengeRequired: asked && challenged && face?.comparison?.matched !== false,
      fingerRequired: asked,
    });
    const name = document ? nameOf(document) : '';
    for (const hit of silentHits(decision, search)) notices.add({ crossingId: id, kind: 'discreet', name, hit });
    return decision;
  };
}
