import { randomBytes } from 'node:crypto';
import type { CrossingRecord, GuardRecord } from '../../main/contract/record.ts';

/** A UUIDv7 (RFC 9562, section 5.7). */
export function uuidv7(nowMs = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A whole crossing of an invented traveller; images are noise with the marker somewhere inside. */
export function crossingRecord(kioskId: string, marker = '', more: Partial<CrossingRecord> = {}): CrossingRecord {
  const noise = (size: number) =>
    new Uint8Array(Buffer.concat([randomBytes(size), Buffer.from(marker), randomBytes(size)]));
  return {
    format: 'limen-record',
    version: 1,
    id: uuidv7(),
    crossingId: uuidv7(),
    kioskId,
    occurredAt: new Date().toISOString(),
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
    portrait: noise(500),
    finger: {
      position: 'right-index',
      model: 'limen-minutiae',
      modelVersion: '1',
      template: noise(200),
      imageWidthPx: 30,
      imageHeightPx: 40,
      dpi: 500,
      image: noise(600),
      quality: 71.5,
    },
    outcome: 'clear',
    reasons: [],
    watchlistVersion: '2026-11-24.1',
    ...more,
  };
}

/** What a guard decided about an invented crossing. */
export function guardRecord(kioskId: string, reason = 'seen in person'): GuardRecord {
  return {
    format: 'limen-record',
    version: 1,
    id: uuidv7(),
    crossingId: uuidv7(),
    kioskId,
    occurredAt: new Date().toISOString(),
    kind: 'guard-decision',
    guardId: 'guard-7',
    outcome: 'admit',
    reason,
  };
}
