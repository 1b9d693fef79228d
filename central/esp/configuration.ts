import * as z from 'zod';
import { Fault } from '../../main/contract/fault.ts';
import { Label, SearchAction, SearchSource } from '../../main/contract/search.ts';

/** Authorities whose yellow links a profile's staff may settle. Those of SIRENE are settled by its bureau and never here. */
const Settles = z.array(z.enum(['border-authority', 'visa-authority', 'etias-unit']));
export type Settles = z.infer<typeof Settles>;

const quality = z.number().min(0).max(100);
const milliseconds = z.int().min(0).max(60_000);

const timeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'an IANA time zone');

/** Kinds of things a profile shows of each source; a source that is not named is neither asked nor spoken of. */
const Sees = z.partialRecord(SearchSource, z.array(z.string().min(1).max(64)).min(1));
export type Sees = z.infer<typeof Sees>;

/** What a deployment decides about the portal: whatever a national law or a delegated act sets is here and not in code. */
export const EspConfiguration = z.strictObject({
  /** By the name in a kiosk's certificate: whom it may speak for, and what its crossings are. */
  kiosks: z.record(
    z.string().min(1).max(64),
    z.strictObject({ authorities: z.array(Label), direction: z.enum(['entry', 'exit']), timeZone }),
  ),
  /** Who sees what for which purpose; what has no row is not authorised. */
  profiles: z.array(z.strictObject({ authority: Label, purpose: Label, sees: Sees, settles: Settles.optional() })),
  /** What each kind of SIS alert asks for; discreet, inquiry and specific checks are silent whatever is said here. */
  alerts: z.record(z.string().min(1).max(64), z.strictObject({ action: SearchAction, silent: z.boolean() })),
  /** How long a source has; absent: `deadlineMs`. */
  deadlinesMs: z.partialRecord(SearchSource, milliseconds),
  deadlineMs: milliseconds,
  /** A source's answer is let out at a multiple of this after the question, so that its time tells less; 0: at once. */
  slotMs: milliseconds,
  /** How long an answer may take to be fetched, at most. */
  wholeMs: z.int().min(1).max(600_000),
  /** How long a line of the log of queries is kept. */
  logMonths: z.int().min(1).max(120),
  /** Hits of a source that one answer holds, at most; where there are more it ends as partial. */
  maxHits: z.int().min(1).max(100),
  /** Questions at a time; others are asked to come back. */
  maxAtOnce: z.int().min(1).max(1000),
  /** What templates are stored and searched with, and what is kept of the images they are from. */
  biometrics: z.strictObject({
    /** Of an image whose template is stored, or whose finding nothing means that nothing is there: 0 to 100. */
    leastQuality: z.strictObject({ finger: quality, face: quality }),
    /** Memory that the templates of one system may take. */
    maxGalleryBytes: z.int().min(0),
    /** Whether a dossier keeps the images, or templates alone. */
    keepImages: z.strictObject({ finger: z.boolean(), face: z.boolean() }),
    /** How long what a crossing captured waits in the inbox for the word that admits its traveller. */
    waitDays: z.int().min(1).max(90),
  }),
  /** One person by biometrics and identity with another document: linked at once, or shown to a person first. */
  newDocument: z.enum(['white', 'yellow']),
  /** Nationalities that EES does not record. */
  exempt: z.array(z.string().regex(/^[A-Z]{1,3}$/)),
});
export type EspConfiguration = z.infer<typeof EspConfiguration>;

/** Where nothing is configured nobody may ask anything. */
export const closedConfiguration: EspConfiguration = {
  kiosks: {},
  profiles: [],
  alerts: {},
  deadlinesMs: {},
  deadlineMs: 2000,
  slotMs: 0,
  wholeMs: 60_000,
  logMonths: 12,
  maxHits: 16,
  maxAtOnce: 32,
  biometrics: {
    leastQuality: { finger: 35, face: 0 },
    maxGalleryBytes: 2 ** 30,
    keepImages: { finger: false, face: false },
    waitDays: 7,
  },
  newDocument: 'yellow',
  exempt: [],
};

/** Reads esp.json. Fault: `config.invalid`, naming the place. */
export function readEspConfiguration(text: string): EspConfiguration {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('config.invalid', 'esp.json is no JSON', { cause });
  }
  const { data, error } = EspConfiguration.safeParse(json);
  if (!data)
    throw new Fault('config.invalid', `esp.json: ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`);
  return data;
}

/** What a kiosk sees for an authority and a purpose; undefined: nothing, for whichever reason. */
export function seesOf(configuration: EspConfiguration, kioskId: string, asked: Asked): Sees | undefined {
  return profileOf(configuration, kioskId, asked)?.sees;
}

/** Whose links a kiosk's staff may settle for an authority and a purpose; undefined: nobody's. */
export function settlesOf(configuration: EspConfiguration, kioskId: string, asked: Asked): Settles | undefined {
  return profileOf(configuration, kioskId, asked)?.settles;
}

interface Asked {
  readonly authority: string;
  readonly purpose: string;
}

function profileOf({ kiosks, profiles }: EspConfiguration, kioskId: string, asked: Asked) {
  if (!Object.hasOwn(kiosks, kioskId) || !kiosks[kioskId]?.authorities.includes(asked.authority)) return undefined;
  return profiles.find(({ authority, purpose }) => authority === asked.authority && purpose === asked.purpose);
}
