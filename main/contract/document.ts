import * as z from 'zod';

/** A calendar date, `YYYY-MM-DD`. */
export const PlainDate = z.iso.date();

/** The machine readable document formats of ICAO Doc 9303 parts 4, 5, 6 and 7. */
export const DocumentFormat = z.enum(['TD1', 'TD2', 'TD3', 'MRV-A', 'MRV-B']);
export type DocumentFormat = z.infer<typeof DocumentFormat>;

/** What a machine readable zone says, decoded (ICAO Doc 9303 part 3, section 4). */
export const TravelDocument = z.strictObject({
  format: DocumentFormat,
  /** The document code, one or two letters, as printed. */
  code: z.string().max(2),
  issuingState: z.string().max(3),
  number: z.string().max(32),
  /** Primary identifier; spaces between its parts. */
  surname: z.string().max(64),
  /** Secondary identifier; empty where the document has none. */
  givenNames: z.string().max(64),
  nationality: z.string().max(3),
  /** Parts of the date that the document does not know are absent: `1974`, `1974-08` or `1974-08-12`. */
  birthDate: z.string().regex(/^(\d{4}(-\d{2}(-\d{2})?)?)?$/),
  sex: z.enum(['M', 'F', 'X']),
  expiryDate: PlainDate,
  optionalData: z.string().max(64),
  /** The lines as read, filler included. */
  lines: z.array(z.string().max(44)).min(2).max(3),
});
export type TravelDocument = z.infer<typeof TravelDocument>;

/** What the traveller can do at the document reader; `wait` while the reader is away. */
export const DocumentHint = z.enum(['place', 'hold', 'again', 'turn', 'wait']);
export type DocumentHint = z.infer<typeof DocumentHint>;
