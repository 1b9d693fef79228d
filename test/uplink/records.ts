import { randomBytes } from 'node:crypto';
import type {
  AlarmRecord,
  AuditRecord,
  BiometricsRecord,
  CrossingRecord,
  GuardRecord,
  LimenRecord,
  StatisticsRecord,
} from '../../main/contract/record.ts';

/** A UUIDv7 (RFC 9562, section 5.7). */
export function uuidv7(nowMs = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const begin = (kioskId: string) => ({
  format: 'limen-record' as const,
  version: 1 as const,
  id: uuidv7(),
  kioskId,
  occurredAt: new Date().toISOString(),
});

/** A crossing of an invented traveller, with the marker in the name. */
export function crossingRecord(kioskId: string, marker = '', more: Partial<CrossingRecord> = {}): CrossingRecord {
  return {
    ...begin(kioskId),
    crossingId: uuidv7(),
    kind: 'crossing',
    fallback: false,
    document: {
      format: 'TD3',
      code: 'P',
      issuingState: 'UTO',
      number: 'L898902C3',
      surname: `ERIKSSON${marker}`,
      givenNames: 'ANNA MARIA',
      nationality: 'UTO',
      birthDate: '1974-08-12',
      sex: 'F',
      expiryDate: '2032-04-15',
      optionalData: '',
      lines: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F3204159ZE184226B<<<<<10'],
    },
    outcome: 'clear',
    reasons: [],
    watchlistVersion: '2026-11-24.1',
    ...more,
  };
}

/** What the crossing of an invented traveller captured: noise with the marker somewhere inside, of so many bytes or more. */
export function biometricsRecord(
  kioskId: string,
  marker = '',
  { bytes = 2000, ...more }: Partial<BiometricsRecord> & { bytes?: number } = {},
): BiometricsRecord {
  const noise = (size: number) =>
    new Uint8Array(Buffer.concat([randomBytes(size), Buffer.from(marker), randomBytes(size)]));
  return {
    ...begin(kioskId),
    crossingId: uuidv7(),
    kind: 'biometrics',
    crossingRecordId: uuidv7(),
    portrait: noise(bytes >> 2),
    finger: {
      position: 'right-index',
      model: 'limen-minutiae',
      modelVersion: '1',
      template: noise(200),
      imageWidthPx: 30,
      imageHeightPx: 40,
      dpi: 500,
      image: noise(bytes >> 2),
      quality: 71.5,
    },
    ...more,
  };
}

/** A hit at an invented crossing. */
export function alarmRecord(kioskId: string): AlarmRecord {
  const alarms: AlarmRecord['alarms'] = [{ code: 'watchlist-document', alert: 'A-7', listVersion: '2026-11-24.1' }];
  return { ...begin(kioskId), crossingId: uuidv7(), kind: 'alarm', alarms };
}

/** Two lines of an invented audit log. */
export function auditRecord(kioskId: string, first = 0): AuditRecord {
  return {
    ...begin(kioskId),
    kind: 'audit',
    key: 'gate-1+0+',
    first,
    lines: ['{"a":1}', '{"a":2}'],
    checkpoint: 'gate-1\n2\nAAAA\n',
  };
}

/** An hour's invented counts. */
export function statisticsRecord(kioskId: string): StatisticsRecord {
  const [from, to] = ['2026-11-24T04:00:00.000Z', '2026-11-24T05:00:00.000Z'];
  return { ...begin(kioskId), kind: 'statistics', from, to, counts: { cleared: 12, referred: 5 } };
}

/** What a guard decided about an invented crossing. */
export function guardRecord(kioskId: string, reason = 'seen in person'): GuardRecord {
  return {
    ...begin(kioskId),
    crossingId: uuidv7(),
    kind: 'guard-decision',
    guardId: 'guard-7',
    outcome: 'admit',
    reason,
  };
}

/** One of every kind, the most urgent first. */
export const everyRecord = (kioskId: string): LimenRecord[] => [
  alarmRecord(kioskId),
  crossingRecord(kioskId),
  guardRecord(kioskId),
  biometricsRecord(kioskId),
  auditRecord(kioskId),
  statisticsRecord(kioskId),
];
