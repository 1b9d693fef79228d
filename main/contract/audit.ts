import * as z from 'zod';
import { reasonCodes } from './crossing.ts';
import { Label, SearchDataType, SearchEnding, SearchSource } from './search.ts';

// What a kiosk's log of its doings may hold: codes, ids, references and figures. There is no field for a text of one's own, a name,
// a number of a document, a guard's reason, an alert or anything biometric, and an object of this schema can carry no other field.

/** A code of the program, as in its closed tables. */
const Code = z.string().regex(/^[a-z][a-zA-Z0-9.-]{0,63}$/);
const Id = z.uuid();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A member of staff, a list's version: what somebody else has named, on one line. */
const Reference = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const Count = z.int().nonnegative();
const Reasons = z.array(z.enum(reasonCodes)).max(64);

/** Where a question went: to the portal, to the systems one by one, or to what the kiosk has itself (R11). */
export const QueryRung = z.enum(['portal', 'direct', 'local', 'manual']);

const event = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ event: z.literal(name), ...shape });

/** Every event a line may tell of. */
export const AuditEvent = z.discriminatedUnion('event', [
  /** The first line of a log: a new store has a new log. */
  event('log-started', { origin: z.string().max(255) }),
  /** `clean`: the core was stopped in order the last time. */
  event('store-opened', { program: z.string().max(64), clean: z.boolean(), interrupted: Count }),
  event('store-closed', {}),
  event('crossing-begun', { crossingId: Id }),
  event('crossing-concluded', {
    crossingId: Id,
    outcome: Code,
    reasons: Reasons,
    listVersion: Reference,
    fallback: z.boolean(),
    packetIds: z.array(Id).max(8),
  }),
  event('alarm-raised', { crossingId: Id, reasons: Reasons, packetIds: z.array(Id).max(8) }),
  event('crossing-abandoned', { crossingId: Id }),
  event('case-shown', { crossingId: Id, reasons: Reasons }),
  /** The words of the guard are in the record and not here. */
  event('guard-decided', {
    crossingId: Id,
    staffId: Reference,
    outcome: z.enum(['admit', 'second-line']),
    packetIds: z.array(Id).max(8),
  }),
  /** Reg. (EU) 2019/817 Art. 10: who asked whom, what for, with what types of data. */
  event('query-asked', {
    queryId: Id,
    caseId: Label,
    purpose: Label,
    authority: Label,
    staffId: Label,
    dataTypes: z.array(SearchDataType).max(8),
    rung: QueryRung,
    sources: z.array(SearchSource).max(8).optional(),
  }),
  /** How each source ended; of what it knew, nothing. */
  event('query-answered', {
    queryId: Id,
    rung: QueryRung,
    endings: z.partialRecord(SearchSource, SearchEnding),
    fault: Code.optional(),
  }),
  event('watchlist-imported', { listVersion: Reference, alerts: Count }),
  /** Another copy of a list came to be, or is gone. The one on the disk comes with `watchlist-imported`. */
  event('watchlist-copied', { place: z.enum(['memory', 'draft', 'download']), listVersion: Reference }),
  event('watchlist-copy-gone', { place: z.enum(['memory', 'draft', 'download']), listVersion: Reference }),
  /** What central gave for a newer list was not to be believed, or could not be taken up. */
  event('watchlist-refused', { fault: Code }),
  /** With either its key is destroyed: two days after its making; by an order of central's, or because it cannot be read. */
  event('watchlist-expired', { listVersion: Reference }),
  event('watchlist-erased', {
    listVersion: Reference,
    cause: z.enum(['ordered', 'corrupt']),
    /** None up to this version comes back. */
    through: Count.optional(),
  }),
  event('packet-parked', { packetId: Id, fault: Code }),
  event('packets-unparked', { packets: Count }),
  event('packet-acknowledged', { packetId: Id }),
  event('packet-dropped', { packetId: Id, reason: Code }),
  event('key-changed', { use: Code, keyId: z.string().min(1).max(128) }),
  /** SHA-256 of the configuration as it was checked, its settings in the order of their names. */
  event('configuration-read', { sha256: Sha256 }),
  event('device-out', { role: Code, fault: Code }),
  event('technician-acted', { action: Code, role: Code.optional() }),
  event('clock-jumped', { byMs: z.int() }),
  event('self-service-left', { cause: z.enum(['device', 'camera', 'gate-released', 'store', 'keys', 'trial']) }),
  event('self-service-entered', {}),
  /** Lines that central has and whose time here is over: up to this one they are gone. */
  event('lines-erased', { through: Count }),
]);
export type AuditEvent = z.infer<typeof AuditEvent>;
