import { Fault } from '../contract/fault.ts';
import type { GateSight } from './gate.ts';
import type { DeviceInfo } from './open-device.ts';

/* What a gate board says of itself: docs/gate.md, section 3. */

/** What a board of version 1.1 may have. */
export const gateFeatures = ['buzzer', 'presence', 'people', 'tailgating', 'mantrap', 'release'] as const;
export type GateFeature = (typeof gateFeatures)[number];

/** A board's state as every answer tells it. A board of version 1.0 tells no more than its door and its passages. */
export interface BoardState {
  readonly door: string;
  /** Sequence of the last OPEN or CLOSE that was carried out, as two hexadecimal digits. */
  readonly last: string;
  readonly passages: number;
  /** The door of a mantrap by which one comes in; empty where there is none. */
  readonly entry: string;
  readonly tailgates: number;
  readonly sight: GateSight;
}

const places = /^(CLOSED|OPENING|OPEN|CLOSING|BLOCKED)$/;
const count = /^[0-9A-F]{4}$/;
const modes = { NORMAL: 'normal', FAILSAFE: 'fail-safe', RELEASED: 'released' } as const;

/** The state in the fields behind ACK, or of an event; undefined when it says less than it must, or nonsense. */
export function boardState(fields: readonly string[], features: readonly GateFeature[]): BoardState | undefined {
  const [door = '', , last = '', passages = '', entry = '-', beams = '-', people = '-', tailgates = '0000'] = fields;
  const mode = modes[(fields[8] ?? 'NORMAL') as keyof typeof modes];
  const sound =
    places.test(door) &&
    count.test(passages) &&
    (entry === '-' || places.test(entry)) &&
    /^(-|[BIT]{1,3})$/.test(beams) &&
    /^(-|[0-9])$/.test(people) &&
    count.test(tailgates) &&
    mode !== undefined;
  if (!sound) return undefined;
  const has = (feature: GateFeature): boolean => features.includes(feature);
  return {
    door,
    last,
    passages: Number.parseInt(passages, 16),
    entry: has('mantrap') ? entry : '',
    tailgates: Number.parseInt(tailgates, 16),
    sight: {
      mode,
      ...(has('presence') && { before: beams.includes('B'), inside: beams.includes('I') }),
      ...(has('people') && people !== '-' && { people: Number(people) }),
    },
  };
}

const name = (text = ''): string => text.slice(0, 64);

/** The answer to IDENT: IDENT, major, minor, model, serial, firmware, and from version 1.1 on what the board has. */
export function boardIdentity(fields: readonly string[]): { info: DeviceInfo; features: readonly GateFeature[] } {
  const [, major, minor, model, serial, firmware, has = ''] = fields;
  if (major !== '1') throw new Fault('device.protocol', 'protocol version is not spoken');
  const told = has.toLowerCase().split(' ');
  return {
    info: { model: name(model), serial: name(serial), firmware: name(firmware), protocol: `gate/1.${name(minor)}` },
    features: gateFeatures.filter((feature) => told.includes(feature)),
  };
}

/** Steps of a counter of 16 bits. A great step, or one back, is a board that was reset: nobody went through. */
export function stepsOf(before: number | undefined, now: number): number {
  const steps = before === undefined ? 0 : (now - before) & 0xffff;
  return steps < 16 ? steps : 0;
}
