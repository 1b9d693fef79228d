import { createCipheriv } from 'node:crypto';
import { Fault } from '../contract/fault.ts';
import type { Clock } from './clock.ts';
import type { UareuLink } from './uareu-link.ts';
import { challengeBytes, powerBit, register, signalCode } from './uareu-registers.ts';
import { pause } from './wait.ts';

/** What waking a scanner up needs. */
export interface UareuPower {
  readonly clock: Clock;
  readonly authenticates: boolean;
  /** 16 bytes, the same for every scanner of the family that authenticates its host. */
  readonly authenticationKey: Uint8Array | undefined;
  /** How long the scanner may take to say that it is awake. */
  readonly wakeMs: number;
}

const everyMs = 10;
const polls = 100;
const wakings = 3;

/**
 * Wakes the scanner up (docs/uareu.md, section 3). Fails with `device.timeout` when it will not wake, `device.protocol`
 * when it does not accept the key, `config.invalid` when it asks for one and none is configured.
 */
export async function wakeUp(link: UareuLink, power: UareuPower, signal?: AbortSignal): Promise<void> {
  const awake = link.expect(signalCode.powered);
  try {
    for (let waking = 0; waking < wakings; waking++) {
      let state = await powerOf(link, signal);
      if ((state & powerBit.asleep) !== 0 && (state & powerBit.confused) !== 0)
        state = await settle(link, state, power, signal);
      // It only wakes from sleep: one that is half awake is put to sleep first.
      if ((state & powerBit.asleep) === 0) await link.write(register.power, [state | powerBit.asleep], signal);
      await switchOn(link, state & powerBit.kept, power, signal);
      if (await awake.heard(power.wakeMs, signal)) return;
    }
  } finally {
    awake.forget();
  }
  throw new Fault('device.timeout', 'the scanner does not wake up');
}

/** Whether the scanner is awake; it forgets its mode when it falls asleep, as after a brown-out. */
export async function isAwake(link: UareuLink, signal?: AbortSignal): Promise<boolean> {
  return ((await powerOf(link, signal)) & powerBit.asleep) === 0;
}

/** The response to a challenge: AES-128 of it (FIPS 197), one block, under the family's key. */
export function responseTo(challenge: Uint8Array, key: Uint8Array): Uint8Array {
  return new Uint8Array(createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(challenge));
}

async function powerOf(link: UareuLink, signal: AbortSignal | undefined): Promise<number> {
  const [state = 0] = await link.read(register.power, 1, signal);
  return state;
}

/** Brings a scanner that was left in a state of its own back to one that is known. */
async function settle(link: UareuLink, state: number, { clock }: UareuPower, signal?: AbortSignal): Promise<number> {
  await link.write(register.power, [state & powerBit.kept], signal);
  for (let poll = 0; poll < polls; poll++) {
    const now = await powerOf(link, signal);
    if ((now & powerBit.ready) !== 0) return now;
    await pause(clock, everyMs, signal);
  }
  throw new Fault('device.timeout', 'the scanner does not come to itself');
}

async function switchOn(link: UareuLink, wanted: number, power: UareuPower, signal?: AbortSignal): Promise<void> {
  for (let poll = 0; poll < polls; poll++) {
    await link.write(register.power, [wanted], signal);
    if (await isAwake(link, signal)) return;
    if (power.authenticates) await authenticate(link, power.authenticationKey, signal);
    else await pause(power.clock, everyMs, signal);
  }
  if (power.authenticates) throw new Fault('device.protocol', 'the scanner does not accept the authentication key');
  throw new Fault('device.timeout', 'the scanner does not switch on');
}

async function authenticate(link: UareuLink, key: Uint8Array | undefined, signal?: AbortSignal): Promise<void> {
  if (!key) throw new Fault('config.invalid', 'the scanner asks for an authentication key');
  const challenge = await link.read(register.challenge, challengeBytes, signal);
  await link.write(register.response, responseTo(challenge, key), signal);
}
