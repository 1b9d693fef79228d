import type { KeyObject } from 'node:crypto';
import { CompactSign, compactVerify } from 'jose';
import { Fault } from '../contract/fault.ts';
import { maxPolicyBytes, Policy } from '../contract/policy.ts';
import type { Calibrations } from './likelihood.ts';

/**
 * The policy that decides, and why it is that one: the product's own, the configured one, the one before it because the configured one
 * cannot be used, or none (`missing`: everybody is referred).
 */
export interface PolicyInForce {
  readonly state: 'built-in' | 'configured' | 'former' | 'missing';
  readonly policy: Pick<Policy, 'rules'>;
  /** As decision records name it. */
  readonly version: string;
  readonly calibrations: Calibrations;
}

const typ = 'limen-policy';

/**
 * Believes a policy only if it bears the signature (Ed25519 JWS, RFC 7515) of whoever may make policies. Fault `policy.refused`: its
 * message says what is wrong and quotes nothing of a traveller, for a policy knows none.
 */
export async function readPolicy(jws: string, maker: KeyObject): Promise<Policy> {
  if (jws.length > maxPolicyBytes) throw new Fault('policy.refused', 'too long');
  const { payload, protectedHeader } = await compactVerify(jws.trim(), maker, { algorithms: ['EdDSA'] }).catch(
    (cause: unknown) => {
      throw new Fault('policy.refused', 'not signed by the key that is configured', { cause });
    },
  );
  if (protectedHeader.typ !== typ) throw new Fault('policy.refused', 'signed, but not as a policy');
  return parsePolicy(new TextDecoder().decode(payload));
}

/** Reads a policy as it is written, unsigned. Fault `policy.refused`: a line for each thing that is wrong. */
export function parsePolicy(text: string): Policy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('policy.refused', 'not JSON', { cause });
  }
  const parsed = Policy.safeParse(json);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'policy'}: ${message}`);
  throw new Fault('policy.refused', lines.join('\n'));
}

/** Signs a policy. */
export function signPolicy(policy: Policy, key: KeyObject): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(policy)))
    .setProtectedHeader({ alg: 'EdDSA', typ })
    .sign(key);
}
