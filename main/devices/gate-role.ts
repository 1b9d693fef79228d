import * as z from 'zod';
import { ByteMatch, keeping, named, pathStandsAlone, type Rule } from './device-match.ts';
import { gateInputs, gateOutputs } from './modbus-gate.ts';

const signal = z.strictObject({
  address: z.int().min(0).max(0xffff),
  /** Whether it is meant when the coil or the input is off. */
  activeLow: z.boolean().default(false),
});

/** Inputs are read with one request. */
const mostInputs = 64;

const Modbus = z.strictObject({
  /** The board's address on its line; many boards on TCP do not care. */
  unit: z.int().min(0).max(255).default(1),
  /** Whether the board itself is set to switch its outputs off when it hears nothing for two seconds. */
  boardWatchdog: z.boolean().default(false),
  outputs: z.strictObject({
    door: signal,
    green: signal.optional(),
    red: signal.optional(),
    buzzer: signal.optional(),
    deadMan: signal.optional(),
  } satisfies Record<(typeof gateOutputs)[number], z.ZodType>),
  inputs: z.strictObject({
    closed: signal,
    open: signal.optional(),
    passage: signal,
    before: signal.optional(),
    inside: signal.optional(),
    tailgating: signal.optional(),
    released: signal.optional(),
  } satisfies Record<(typeof gateInputs)[number], z.ZodType>),
});
type Modbus = z.infer<typeof Modbus>;

const Settings = z.strictObject({
  bus: z.enum(['serial', 'tcp']).default('serial'),
  ...ByteMatch.shape,
  /** Where a board on TCP is. Names are not looked up: an answer to such a question may come from anyone. */
  host: z
    .union([z.ipv4(), z.ipv6()], 'must be an IP address such as "192.168.7.2"; names are not looked up')
    .optional(),
  port: z.int().min(1).max(0xffff).optional(),
  /** `limen` speaks docs/gate.md; `modbus` is a plain relay board. */
  protocol: z.enum(['limen', 'modbus']).default('limen'),
  modbus: Modbus.optional(),
  /** Of a serial line to relays: Modbus itself asks for even parity, most boards on the market have none. */
  parity: z.enum(['none', 'even', 'odd']).optional(),
  /** What a plain relay board is called, as it cannot say so itself. */
  model: z.string().min(1).max(64).optional(),
});
type Settings = z.infer<typeof Settings>;

const on = (bus: Settings['bus'], setting: Exclude<keyof Settings, 'bus'>, instead: string): Rule<Settings> => [
  (role) => role.bus !== bus && role[setting] !== undefined,
  [setting],
  `is for boards on ${bus}, and bus is "${bus === 'tcp' ? 'serial' : 'tcp'}": ${instead}`,
];

/** A line for each address that two signals share. */
function sharedAddresses(role: Settings, context: z.RefinementCtx): void {
  for (const side of ['outputs', 'inputs'] as const) {
    const users = new Map<number, string>();
    for (const [name, given] of Object.entries(role.modbus?.[side] ?? {})) {
      if (!given) continue;
      const other = users.get(given.address);
      const message = `${given.address} is that of "${other}" already: give every signal an address of its own`;
      if (other !== undefined) context.addIssue({ code: 'custom', path: ['modbus', side, name, 'address'], message });
      else users.set(given.address, name);
    }
  }
}

/** How far apart the inputs lie. */
function inputSpan({ inputs }: Modbus): number {
  const addresses = Object.values(inputs).flatMap((input) => (input ? [input.address] : []));
  return Math.max(...addresses) - Math.min(...addresses) + 1;
}

/** Which board drives the gate, where it is and what it speaks. */
export const GateRole = Settings.superRefine(
  keeping<Settings>([
    pathStandsAlone,
    ...(['path', 'vendorId', 'productId', 'serial', 'baud'] as const).map((setting) =>
      on('serial', setting, 'give host and port instead'),
    ),
    on('tcp', 'host', 'leave it out, or set bus to "tcp"'),
    on('tcp', 'port', 'leave it out, or set bus to "tcp"'),
    [
      (role) => role.bus === 'tcp' && role.host === undefined,
      ['host'],
      'is missing: a board on tcp is never looked for',
    ],
    [(role) => role.bus === 'tcp' && role.port === undefined, ['port'], 'is missing: Modbus boards listen on 502'],
    [
      (role) => role.protocol === 'modbus' && !role.modbus,
      ['modbus'],
      'is missing: it says which coil and input is what',
    ],
    [
      (role) => role.protocol === 'limen' && role.modbus !== undefined,
      ['modbus'],
      'is for relay boards, and protocol is "limen": leave it out, or set protocol to "modbus"',
    ],
    [
      (role) => role.protocol === 'limen' && role.model !== undefined,
      ['model'],
      'is for relay boards, and protocol is "limen": such a board says itself what it is',
    ],
    [
      (role) => role.parity !== undefined && (role.protocol !== 'modbus' || role.bus !== 'serial'),
      ['parity'],
      'is for relay boards on a serial line: leave it out',
    ],
    [
      (role) => role.protocol === 'modbus' && role.bus === 'serial' && !named(role),
      [],
      'names no device, and a Modbus board cannot be asked who it is: give its path, or vendorId, productId or serial',
    ],
    [
      ({ modbus }) => modbus !== undefined && !modbus.boardWatchdog && !modbus.outputs.deadMan,
      ['modbus'],
      'has nothing that closes the door when the kiosk falls silent: name outputs.deadMan, or set the board to switch off by itself and say so with boardWatchdog',
    ],
    [
      ({ bus, modbus }) => bus === 'serial' && modbus !== undefined && (modbus.unit < 1 || modbus.unit > 247),
      ['modbus', 'unit'],
      'must be 1 to 247 on a serial line',
    ],
    [
      ({ modbus }) => modbus !== undefined && inputSpan(modbus) > mostInputs,
      ['modbus', 'inputs'],
      `lie too far apart: they are read at once, and ${mostInputs} addresses are the most`,
    ],
  ]),
).superRefine(sharedAddresses);
export type GateRole = z.infer<typeof GateRole>;
