import * as z from 'zod';
import { ByteMatch, HidMatch, keeping, named, pathStandsAlone, type Rule } from './device-match.ts';

const text = z.string().regex(/^[ -~]{1,8}$/, 'must be 1 to 8 printable characters');

const Settings = z.strictObject({
  bus: z.enum(['serial', 'hid']).default('serial'),
  ...HidMatch.shape,
  ...ByteMatch.shape,
  /** `framed` speaks all of docs/document-reader.md; `ocr` is a plain reader that only sends text. */
  protocol: z.enum(['framed', 'ocr']).default('framed'),
  /** Whether text frames end in a longitudinal redundancy check; found by trial when not given, and then not insisted on. */
  lrc: z.boolean().optional(),
  /** Printable characters that a plain reader sends before or after the zone. */
  prefix: text.optional(),
  suffix: text.optional(),
  /** What a plain reader is called, as it cannot say so itself. */
  model: z.string().min(1).max(64).optional(),
  /** Where the text of a plain reader begins in a HID report, the report id being byte 0. */
  textAt: z.int().min(0).max(16).optional(),
  /** Which byte of that report holds the number of characters; without it the report is filled up with zeros. */
  lengthAt: z.int().min(0).max(15).optional(),
});
type Settings = z.infer<typeof Settings>;

const serialOnly = (setting: 'path' | 'baud', instead: string): Rule<Settings> => [
  (role) => role.bus === 'hid' && role[setting] !== undefined,
  [setting],
  `is for serial readers, and bus is "hid": ${instead}`,
];
const hidOnly = (setting: 'usagePage' | 'usage' | 'alsoTypes' | 'textAt' | 'lengthAt'): Rule<Settings> => [
  (role) => role.bus === 'serial' && role[setting] !== undefined,
  [setting],
  'is for HID readers, and bus is "serial": leave it out, or set bus to "hid"',
];
const plainOnly = (setting: 'lrc' | 'prefix' | 'suffix' | 'model' | 'textAt' | 'lengthAt'): Rule<Settings> => [
  (role) => role.protocol === 'framed' && role[setting] !== undefined,
  [setting],
  'is for plain readers, and protocol is "framed": leave it out, or set protocol to "ocr"',
];

/** Which device reads documents, on which bus and how. */
export const DocumentReaderRole = Settings.superRefine(
  keeping<Settings>([
    pathStandsAlone,
    serialOnly('path', 'name the reader by vendorId, productId or serial'),
    serialOnly('baud', 'leave it out'),
    hidOnly('usagePage'),
    hidOnly('usage'),
    hidOnly('alsoTypes'),
    hidOnly('textAt'),
    hidOnly('lengthAt'),
    plainOnly('lrc'),
    plainOnly('prefix'),
    plainOnly('suffix'),
    plainOnly('model'),
    plainOnly('textAt'),
    plainOnly('lengthAt'),
    [
      (role) => role.protocol === 'ocr' && !named(role) && role.usagePage === undefined,
      [],
      'names no device, and a reader with protocol "ocr" cannot be asked who it is: give its path, or vendorId, productId or serial',
    ],
    [
      ({ lengthAt, textAt = 1 }) => lengthAt !== undefined && lengthAt >= textAt,
      ['lengthAt'],
      'must be less than textAt: the length stands before the text',
    ],
  ]),
);
export type DocumentReaderRole = z.infer<typeof DocumentReaderRole>;
