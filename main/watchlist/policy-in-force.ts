import type { KeyObject } from 'node:crypto';
import { Fault } from '../contract/fault.ts';
import type { Policy } from '../contract/policy.ts';
import { readIfThere, writeDurably } from '../store/durable-file.ts';
import { builtInPolicy } from './built-in-policy.ts';
import type { Calibrations } from './likelihood.ts';
import { type PolicyInForce, readPolicy } from './policy.ts';

export interface PolicyPlaces {
  /** The signed policy that is configured; absent: the product's own is used. */
  readonly file?: string | undefined;
  /** Where the last that was good is kept, as it was signed. */
  readonly keptFile: string;
  /** Whose signature makes a policy one. */
  readonly maker?: KeyObject | undefined;
  readonly calibrations: Calibrations;
}

/**
 * The policy to decide by. A configured one that cannot be read, is not signed, says what no policy may say, or is older than the one
 * before it, leaves that one in force; where there was none everybody is referred. Why it was refused is in `fault`.
 */
export async function openPolicy(
  places: PolicyPlaces,
): Promise<{ readonly inForce: PolicyInForce; readonly fault?: Fault }> {
  const { file, keptFile, maker, calibrations } = places;
  const deciding = (state: PolicyInForce['state'], policy: Pick<Policy, 'rules'>, version: string) => ({
    inForce: { state, policy, version, calibrations },
  });
  if (file === undefined) return deciding('built-in', builtInPolicy, 'built-in');
  const kept = await policyAt(keptFile, maker).catch(() => undefined);
  try {
    const configured = await policyAt(file, maker);
    if (kept && configured.policy.number < kept.policy.number)
      throw new Fault('policy.refused', `number ${configured.policy.number} is older than ${kept.policy.number}`);
    if (kept?.jws !== configured.jws) writeDurably(keptFile, configured.jws);
    return deciding('configured', configured.policy, String(configured.policy.number));
  } catch (error) {
    const fault = Fault.from(error, 'policy.refused');
    if (kept) return { ...deciding('former', kept.policy, String(kept.policy.number)), fault };
    return { ...deciding('missing', builtInPolicy, 'none'), fault };
  }
}

async function policyAt(file: string, maker: KeyObject | undefined): Promise<{ jws: string; policy: Policy }> {
  const jws = readIfThere(file)?.toString('latin1');
  if (jws === undefined) throw new Fault('policy.refused', 'there is no such file');
  if (!maker) throw new Fault('policy.refused', 'there is no policy.pem beside the certificate to check it with');
  return { jws, policy: await readPolicy(jws, maker) };
}
