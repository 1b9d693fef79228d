import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import { FaceEmbedder, FingerPosition } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import { DeviceRoles } from '../devices/device-roles.ts';
import { configLines } from './config-lines.ts';
import { SearchSettings } from './search-settings.ts';

/** Who looks at a window. An audience is served its own contract and no other. */
export const Audience = z.enum(['traveller', 'guard', 'technician']);
export type Audience = z.infer<typeof Audience>;

const px = z.int().min(1).max(16384);
const ms = z.int().min(1).max(3_600_000);

/** Keys that a keypad or a switch for people who cannot touch the screen may need (EN 301 549, 5.1.3 and 8.4). */
const Key = z.enum([
  'Tab',
  'Enter',
  'Space',
  'Escape',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
]);

const WindowConfig = z.strictObject({
  audience: Audience,
  widthPx: px,
  heightPx: px,
  x: z.int().default(0),
  y: z.int().default(0),
  /** Fills the screen and cannot be left. */
  kiosk: z.boolean().default(true),
  devTools: z.boolean().default(false),
  /** The only keys that the window hears. Not given, a traveller's hears none and the others all. */
  keys: z.array(Key).max(12).optional(),
});
export type WindowConfig = z.infer<typeof WindowConfig>;

const Central = z.strictObject({
  url: z.url({ protocol: /^https$/, error: 'must be an address that begins with https://' }),
  /** Folder of this kiosk's certificate and of central's keys (see main/uplink/credentials.ts). It names the kiosk. */
  credentials: z.string(),
  /** A list of central's keys older than this is told to the technician: a newer one may be kept from the kiosk. */
  keysMaxAgeDays: z.number().positive().max(3650).default(35),
});

const Journey = z.strictObject({
  documentAttempts: z.int().min(1).max(9).default(2),
  faceAttempts: z.int().min(1).max(9).default(2),
  /** How often a traveller may try to follow prompts (turns of the head, colours of the screen); 0 asks for none. */
  challengeAttempts: z.int().min(0).max(9).default(0),
  /** Turns of the head in a challenge. */
  challengeTurns: z.int().min(1).max(4).default(2),
  /** The finger asked for at each attempt, in order. */
  fingerPositions: z.array(FingerPosition).min(1).max(9).default(['right-index', 'right-index', 'left-index']),
  /** How long each stage may last without an answer. */
  spansMs: z
    .strictObject({
      language: ms.default(30_000),
      document: ms.default(45_000),
      face: ms.default(45_000),
      challenge: ms.default(60_000),
      finger: ms.default(45_000),
      deciding: ms.default(15_000),
      recording: ms.default(10_000),
      passed: ms.default(20_000),
      referred: ms.default(12_000),
    })
    .prefault({}),
  /** The traveller is warned so long before a stage ends. */
  warnMs: ms.default(15_000),
  /** A face that is seen but never good enough for so long goes on without: the guard decides. */
  faceCaptureMs: ms.default(30_000),
  /** A camera that is at fault for so long while it is needed refers the traveller. */
  cameraFaultMs: ms.default(10_000),
  /** A challenge that is not over by then was not passed. */
  challengeMs: ms.default(25_000),
});

/** Thresholds other than the models' own, which stand in models/manifest.json and beside the matcher with their data. */
const Thresholds = z.strictObject({
  /** Face comparison with the document's portrait. */
  face: z.number().optional(),
  watchlistFace: z.number().optional(),
  watchlistFinger: z.number().optional(),
  /**
   * Limen's own finger quality, 0 to 100, below which the finger is asked for again. Of FVC2002's
   * DB1_B to DB3_B, 35 asks for 6.7 % of the images again and brings misses from 8.1 to 4.8 % of mates; 40 asks for 9.6 %
   * and misses no fewer.
   */
  fingerQuality: z.number().min(0).max(100).default(35),
});

/** The TPM 2.0 that holds the key of the store. Left out, the key lies in a file. */
const TpmConfig = z.strictObject({
  /** TCTI of the TPM Software Stack. */
  device: z.string().max(256).default('device:/dev/tpmrm0'),
  /**
   * What of the machine's start the key is bound to: boot loader (4), secure boot and whose signatures it takes (7), kernel,
   * initial disk and their command line (8 and 9 by GRUB, 12 by systemd-boot). Registers a machine does not use do no harm. 7
   * alone would open to anything that bears the same signature, such as a rescue stick.
   */
  pcrs: z
    .array(z.int().min(0).max(23))
    .min(1)
    .max(24)
    .refine((pcrs) => new Set(pcrs).size === pcrs.length, 'a register twice')
    .default([4, 7, 8, 9, 12]),
  /** NV index of the counter that finds out old copies of the store. */
  counterIndex: z.int().min(0x01800000).max(0x01bfffff).default(0x0181_4c4d),
});

/** A kiosk's configuration: one JSON file, checked whole before anything starts. Paths are relative to the file. */
export const KioskConfig = z.strictObject({
  /** Folder of the encrypted store and its key. */
  stateDir: z.string(),
  tpm: TpmConfig.optional(),
  windows: z.array(WindowConfig).min(1),
  central: Central,
  /** Absent: the kiosk asks nobody but its own watchlist. */
  search: SearchSettings.optional(),
  devices: DeviceRoles,
  journey: Journey.prefault({}),
  thresholds: Thresholds.prefault({}),
  /** The network that makes face templates. Read its entry in models/manifest.json before you choose another. */
  models: z.strictObject({ face: FaceEmbedder.default('dlib-face-recognition-resnet') }).prefault({}),
  watchlist: z
    .strictObject({
      /** Reg. (EU) 2018/1862 Art. 56: no longer than 48 hours. */
      maxAgeHours: z.number().positive().max(48).default(48),
      /** Whose time holds after the machine was off: only central's, or its own clock's until central is reached. */
      afterPowerLoss: z.enum(['confirm', 'clock']).default('confirm'),
    })
    .prefault({}),
  guard: z.strictObject({ id: z.string().min(1).max(64) }).prefault({ id: 'booth' }),
  /** How much may wait for central, and how long a record may, before nobody is let in any more. */
  outbox: z
    .strictObject({
      maxMegabytes: z.int().min(256).max(1_000_000).default(8192),
      maxAgeDays: z.number().min(0.01).max(366).default(7),
    })
    .prefault({}),
  /** The log of the kiosk's doings: how often it is signed, and how long its lines stay here once central has them. */
  audit: z
    .strictObject({
      checkpointMinutes: z.number().min(0.1).max(1440).default(5),
      keepDays: z.number().min(0).max(366).default(7),
    })
    .prefault({}),
  /** Anonymous counts by the hour: none under this leaves the kiosk. */
  statistics: z.strictObject({ smallestCount: z.int().min(2).max(10_000).default(10) }).prefault({}),
  watchdog: z.strictObject({ silenceMs: ms.default(10_000) }).prefault({}),
});
export type KioskConfig = z.infer<typeof KioskConfig>;

/** The configuration file to read: $LIMEN_CONFIG, or /etc/limen/kiosk.json. */
export function configFile(): string {
  return process.env['LIMEN_CONFIG'] ?? '/etc/limen/kiosk.json';
}

/** Reads and checks a configuration. Fault `config.invalid`: its message names each wrong setting in a line of its own. */
export function readConfig(file: string): KioskConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Fault('config.invalid', `${file} cannot be read: ${Fault.from(error).message}`, { cause: error });
  }
  return checkConfig(json, file);
}

/** Checks a configuration that has been parsed, and makes its paths absolute. */
export function checkConfig(json: unknown, file: string): KioskConfig {
  const parsed = KioskConfig.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const lines = configLines(KioskConfig, parsed.error.issues).map((line) => `\n  ${line}`);
    throw new Fault('config.invalid', `${file} is not a valid configuration:${lines.join('')}`);
  }
  const config = parsed.data;
  const at = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
  const central = { ...config.central, credentials: at(config.central.credentials) };
  return { ...config, stateDir: at(config.stateDir), central };
}
