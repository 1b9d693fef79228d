import * as z from 'zod';
import { FingerPosition } from './biometrics.ts';
import { PlainDate } from './document.ts';

/** The systems the portal can ask (Reg. (EU) 2019/817 Art. 6), by the names they answer under. */
export const SearchSource = z.enum(['EES', 'VIS', 'ETIAS', 'SIS', 'SLTD', 'CIR']);
export type SearchSource = z.infer<typeof SearchSource>;

/** What kinds of data a query is made with. */
export const SearchDataType = z.enum(['document', 'identity', 'finger', 'face']);
export type SearchDataType = z.infer<typeof SearchDataType>;

/** A name for something that is nobody's personal data: an authority, a purpose, a member of staff, a case. */
export const Label = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);

/** Bytes of a query, at most: ten fingers and a face, each at its largest, and the rest. */
export const maxQueryBytes = 80 * 1024;

/** Bytes of a template in a query, at most. */
export const maxFingerBytes = 4096;
export const maxFaceBytes = 8192;

/** A template as base64 of so many bytes at most, what made it, and how good the image was, 0 to 100. */
const template = (maxBytes: number) => ({
  model: z.string().min(1).max(64),
  version: z.string().min(1).max(16),
  template: z
    .base64()
    .min(4)
    .max(4 * Math.ceil(maxBytes / 3)),
  quality: z.number().min(0).max(100),
});

/** A finger asked about: a record of ISO/IEC 19794-2:2005. It is compared only with templates of its model and version. */
export const FingerProbe = z.strictObject({ position: FingerPosition, ...template(maxFingerBytes) });
export type FingerProbe = z.infer<typeof FingerProbe>;

/** A face asked about: little-endian float32 values of unit length. */
export const FaceProbe = z.strictObject(template(maxFaceBytes));
export type FaceProbe = z.infer<typeof FaceProbe>;

const instant = z.iso.datetime({ precision: 3 });

const differ = (fingers: readonly { position: string }[]) => {
  const known = fingers.map(({ position }) => position).filter((position) => position !== 'unknown');
  return new Set(known).size === known.length;
};

/** One question to the portal, as JSON: who asks and why (R22), and of whom. Names and numbers as the machine readable zone has them. */
export const SearchQuery = z
  .strictObject({
    format: z.literal('limen-search'),
    version: z.literal(1),
    /** Fresh for each question; the closing line repeats it. */
    id: z.uuidv7(),
    purpose: Label,
    authority: Label,
    staffId: Label,
    caseId: Label,
    /** What the question is made with, declared; it must be what is there. */
    dataTypes: z.array(SearchDataType).min(1).max(SearchDataType.options.length),
    /** Only these are asked; absent: all that the profile gives. */
    sources: z.array(SearchSource).min(1).max(SearchSource.options.length).optional(),
    document: z
      .strictObject({
        number: z.string().regex(/^[A-Z0-9< -]{1,32}$/),
        issuingState: z.string().regex(/^[A-Z<]{0,3}$/),
      })
      .optional(),
    identity: z
      .strictObject({
        surname: z.string().regex(/^[A-Z][A-Z<' -]{0,63}$/),
        givenNames: z.string().regex(/^[A-Z<' -]{0,64}$/),
        birthDate: z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/),
      })
      .optional(),
    /** Fingers of one person, each position once but for those unknown. */
    finger: z.array(FingerProbe).min(1).max(10).refine(differ, 'a position twice').optional(),
    face: FaceProbe.optional(),
  })
  .refine(
    ({ dataTypes, ...query }) => SearchDataType.options.every((type) => dataTypes.includes(type) === type in query),
    'the data types declared are not those there',
  )
  .refine(({ dataTypes }) => new Set(dataTypes).size === dataTypes.length, 'a data type twice')
  .refine(({ sources = [] }) => new Set(sources).size === sources.length, 'a source twice');
export type SearchQuery = z.infer<typeof SearchQuery>;

/** Why a question was not asked at all. It says nothing of whom it was about. */
export const SearchRefusal = z.strictObject({
  refused: z.enum(['query-malformed', 'query-too-large', 'not-authorised', 'busy', 'not-logged']),
});
export type SearchRefusal = z.infer<typeof SearchRefusal>;

/** What a hit asks of the one who sees it. Words for people live with the screens. */
export const SearchAction = z.enum([
  'consult-dossier',
  'check-overstay',
  'visa-valid',
  'visa-not-valid',
  'authorisation-valid',
  'authorisation-not-valid',
  'refuse-entry',
  'arrest',
  'protect',
  'locate',
  'discreet-check',
  'inquiry-check',
  'specific-check',
  'seize-document',
  'inspect-document',
  'consult-identity',
]);
export type SearchAction = z.infer<typeof SearchAction>;

/** Checks the person must not notice (Reg. (EU) 2018/1862 Art. 36, 37): no configuration can make them open. */
export const silentActions: readonly SearchAction[] = ['discreet-check', 'inquiry-check', 'specific-check'];

/** The stay as EES counts it on the day of the question (Reg. (EU) 2017/2226 Art. 11); days are calendar days. */
export const StayFacts = z.strictObject({
  usedDays: z.int(),
  daysLeft: z.int(),
  lastDay: PlainDate.optional(),
  overBy: z.int(),
  unlawfulDays: z.int(),
  firstUnlawfulDay: PlainDate.optional(),
  /** The entry that has no exit yet, and until when that stay is authorised. */
  insideSince: PlainDate.optional(),
  authorisedUntil: PlainDate.optional(),
  refusals: z.int(),
  /** An entry or an exit is missing: the figures count only days that are proved. */
  incomplete: z.boolean(),
});
export type StayFacts = z.infer<typeof StayFacts>;

/** A visa as its sticker has it (Reg. (EC) 767/2008 Art. 10). */
export const VisaFacts = z.strictObject({
  sticker: z.string(),
  validFrom: PlainDate,
  validUntil: PlainDate,
  days: z.int(),
  entries: z.union([z.int(), z.literal('many')]),
});
export type VisaFacts = z.infer<typeof VisaFacts>;

const AuthorisationFacts = z.strictObject({ validUntil: PlainDate });
/** A file or an alert is named by its reference; its text never leaves its system (R17). */
const Reference = z.strictObject({ reference: z.string() });
/** Colours of links between files (Reg. (EU) 2019/817 Art. 30 to 33); yellow waits for a person. */
export const LinkColour = z.enum(['yellow', 'green', 'red', 'white']);
export type LinkColour = z.infer<typeof LinkColour>;

/** The files of a person by system, and links that those have with files the asker may see. */
const References = z.strictObject({
  reference: z.string(),
  files: z.array(z.strictObject({ system: z.string(), reference: z.string() })),
  links: z
    .array(
      z.strictObject({
        reference: z.uuidv7(),
        colour: LinkColour,
        /** Of a yellow one that the border authority has to verify: until when (Art. 29(4)). */
        verifyBy: instant.optional(),
      }),
    )
    .optional(),
});
/** The dossier by its reference, and the stay as it counts it. */
const EesFacts = z.strictObject({ reference: z.string(), ...StayFacts.shape });
const Nothing = z.strictObject({});

/**
 * `agrees`, of a question with biometrics only: what it has in common with the file. `differs`: what was compared with the file's
 * own and is another's: another document, another person's name, or biometrics. What the file lacks is in neither. A file that
 * only biometrics agree with is a candidate for a person to judge. How alike they are is told to nobody: no score is in an answer.
 */
const hit = {
  kind: z.enum(['HIT', 'SILENT_HIT']),
  action: SearchAction,
  agrees: z.array(SearchDataType).min(1).optional(),
  differs: z.array(SearchDataType).min(1).optional(),
};

/** Something a source knows. A silent one is never to show where the person or the public could notice (R18). */
export const SearchHit = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('EES'), ...hit, facts: EesFacts }),
  z.strictObject({ source: z.literal('VIS'), ...hit, facts: VisaFacts }),
  z.strictObject({ source: z.literal('ETIAS'), ...hit, facts: AuthorisationFacts }),
  z.strictObject({ source: z.literal('SIS'), ...hit, facts: Reference }),
  z.strictObject({ source: z.literal('SLTD'), ...hit, facts: Nothing }),
  z.strictObject({ source: z.literal('CIR'), ...hit, facts: References }),
]);
export type SearchHit = z.infer<typeof SearchHit>;

/** Whether the person and the public must not notice; those checks are silent whatever a source calls them (R18). */
export function isSilent({ kind, action }: Pick<SearchHit, 'kind' | 'action'>): boolean {
  return kind === 'SILENT_HIT' || silentActions.includes(action);
}

/** What a source ended with: `complete` alone means that it has told all. */
export const SearchEnding = z.enum(['complete', 'partial', 'unavailable']);
export type SearchEnding = z.infer<typeof SearchEnding>;

/** The last line: every source that was asked, and how each ended. Without it the answer was cut off. */
export const SearchEnd = z.strictObject({
  kind: z.literal('END'),
  id: z.uuidv7(),
  sources: z.array(z.strictObject({ source: SearchSource, ending: SearchEnding })),
});
export type SearchEnd = z.infer<typeof SearchEnd>;

/**
 * A line of the answer (newline-delimited JSON), sent when it is known. NO_HIT is said only by a source that has looked
 * through everything; PARTIAL, after its hits, by one that has not; UNAVAILABLE in the name of one that is not there.
 */
export const SearchLine = z.union([
  SearchHit,
  z.strictObject({ source: SearchSource, kind: z.enum(['NO_HIT', 'PARTIAL']) }),
  z.strictObject({ source: SearchSource, kind: z.literal('UNAVAILABLE'), since: instant }),
  SearchEnd,
]);
export type SearchLine = z.infer<typeof SearchLine>;
