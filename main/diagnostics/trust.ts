import type { TrustView } from '../contract/technician.ts';

/** What is known of the kiosk's secrets and of those who vouch for it. Times are in milliseconds since 1970. */
export interface Trust {
  readonly storeKey: TrustView['storeKey'];
  readonly rollback: TrustView['rollback'];
  readonly certificateFromMs: number;
  readonly certificateUntilMs: number;
  readonly certificateUnusable: boolean;
  /** Which policy decides. */
  readonly policy: 'built-in' | 'configured' | 'former' | 'missing';
  readonly keys: {
    readonly number: number;
    readonly issuedAtMs: number;
    readonly heardAtMs: number;
    readonly sealingUntilMs: number;
    readonly fault: string;
  };
  /** Why the last list of keys was not taken up, or empty. */
  readonly fault: string;
}

const expiringMs = 30 * 86_400_000;

/** What a technician is told of it, with what has to be seen to. */
export function trustView(trust: Trust, nowMs: number): TrustView {
  const { keys, certificateFromMs, certificateUntilMs } = trust;
  const left = certificateUntilMs - nowMs;
  const warnings = {
    'store-key-in-file': trust.storeKey === 'file',
    'store-unguarded': trust.rollback === 'unguarded',
    'certificate-expiring': left > 0 && left <= expiringMs,
    'certificate-expired': left <= 0,
    'certificate-early': nowMs < certificateFromMs,
    'certificate-unusable': trust.certificateUnusable,
    'policy-former': trust.policy === 'former',
    'policy-missing': trust.policy === 'missing',
  };
  return {
    storeKey: trust.storeKey,
    rollback: trust.rollback,
    certificateUntilMs,
    keysNumber: keys.number,
    keysIssuedAtMs: keys.issuedAtMs,
    keysHeardAtMs: keys.heardAtMs,
    sealingUntilMs: keys.sealingUntilMs,
    // Without a key to seal to nothing else matters.
    fault: keys.fault === 'keys.unusable' ? keys.fault : trust.fault || keys.fault,
    warnings: (Object.keys(warnings) as (keyof typeof warnings)[]).filter((name) => warnings[name]),
  };
}
