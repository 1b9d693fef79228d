import type { ChallengePrompt } from '../../main/contract/biometrics.ts';
import type { ReasonCode } from '../../main/contract/crossing.ts';
import type { GateView } from '../../main/contract/guard.ts';
import type { Plural } from './phrase.ts';

/** Why a crossing was referred, and what that asks of the guard. */
export interface ReasonWords {
  readonly title: string;
  readonly advice: string;
}

/** All that the guard's window says. Braces mark what is filled in. */
export interface GuardWords {
  readonly title: string;
  readonly queue: string;
  readonly waiting: Plural;
  readonly fresh: string;
  readonly empty: { readonly title: string; readonly text: string };
  readonly unnamed: string;
  readonly referred: string;
  readonly ago: string;
  readonly evidence: string;
  readonly reasonsTitle: string;
  readonly noReasons: string;
  readonly reasons: Readonly<Record<ReasonCode, ReasonWords>>;
  readonly score: string;
  readonly threshold: string;
  readonly alert: string;
  readonly listVersion: string;
  readonly detail: string;
  readonly pictures: {
    readonly title: string;
    readonly portrait: string;
    readonly live: string;
    /** `{rate}`: one in so many. */
    readonly alike: string;
    readonly none: string;
  };
  readonly challenge: {
    readonly title: string;
    readonly passed: string;
    readonly notPassed: string;
    readonly none: string;
    readonly prompts: Readonly<Record<ChallengePrompt, string>>;
  };
  readonly document: {
    readonly title: string;
    readonly none: string;
    readonly number: string;
    readonly type: string;
    readonly issuingState: string;
    readonly nationality: string;
    readonly birthDate: string;
    readonly sex: string;
    readonly expiryDate: string;
    readonly expired: string;
    readonly unknown: string;
    readonly sexes: Readonly<Record<'M' | 'F' | 'X', string>>;
    readonly lines: string;
  };
  readonly decision: {
    readonly title: string;
    readonly quick: string;
    readonly choices: readonly string[];
    readonly more: string;
    readonly admit: string;
    readonly secondLine: string;
    readonly missing: string;
    readonly failed: string;
    readonly sending: string;
  };
  readonly gate: {
    readonly title: string;
    readonly door: Readonly<Record<GateView['door'], string>>;
    readonly doorLabel: string;
    readonly stageLabel: string;
    /** The stages of a crossing by their names in the kiosk; a stage not listed is shown as named. */
    readonly stages: Readonly<Record<string, string>>;
    readonly uplinkLabel: string;
    readonly uplink: Readonly<Record<GateView['uplink'], string>>;
    readonly queuedLabel: string;
    readonly listLabel: string;
    readonly list: Readonly<Record<GateView['list'], string>>;
  };
  /** Said before anyone comes: all are referred, since the list cannot be searched. */
  readonly degraded: {
    readonly title: string;
    readonly why: Readonly<Record<Exclude<GateView['list'], 'in-use'>, string>>;
  };
  readonly away: { readonly title: string; readonly text: string };
}
