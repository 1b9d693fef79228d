import type { Decision } from '../contract/crossing.ts';
import type { Inquiries } from '../crossing/inquiries.ts';
import type { Crossing } from '../journey/journey.ts';
import { decide } from '../watchlist/decision.ts';
import type { LocalList } from '../watchlist/local-list.ts';

/** What a decision is made from. */
export interface DecidingOptions {
  readonly list: Pick<LocalList, 'search'>;
  /** Absent where no central system is asked. */
  readonly inquiries: Pick<Inquiries, 'verdict'> | undefined;
  /** YYYY-MM-DD. */
  readonly today: () => string;
  /** Whether travellers are asked to follow prompts. */
  readonly challenged: boolean;
}

/** Makes what decides on a crossing: the local list, the answers of the central systems, the evidence. Fault: `capture.cancelled`. */
export function deciding({ list, inquiries, today, challenged }: DecidingOptions) {
  return async ({ id, evidence }: Crossing, signal: AbortSignal): Promise<Decision> => {
    const { document, face, finger } = evidence;
    const subject = { ...(document && { document }), ...(face && { face: face.template }), ...(finger && { finger }) };
    const search = await list.search(subject, signal);
    // A document that was not accepted ends the crossing before biometrics are asked for.
    const asked = !evidence.reasons.some(({ code }) => code.startsWith('document-'));
    // One who is referred anyway is not kept waiting for answers: the guard sees them come.
    const told = asked && (await inquiries?.verdict(id, signal));
    const whole = told ? { ...evidence, reasons: [...evidence.reasons, ...told.reasons] } : evidence;
    return decide(whole, search, {
      today: today(),
      faceRequired: asked,
      // Whom the portrait does not match is referred without one.
      challengeRequired: asked && challenged && face?.comparison?.matched !== false,
      fingerRequired: asked,
    });
  };
}
