import { hash } from 'node:crypto';
import type { Alert } from '../../main/contract/watchlist.ts';
import { alert } from './alerts.ts';

/** What alerts of these lists hold and nothing else on a disk does: of a name, of a number, of a finger and of a face. */
export const planted = {
  name: 'PLANTEDNAMEQXJ',
  number: 'PLANTEDNR77QX',
  finger: new Uint8Array(Buffer.concat([Buffer.from('PLANTEDFINGER'), hash('sha512', 'finger', 'buffer')])),
  face: new Uint8Array(Buffer.concat([Buffer.from('PLANTEDFACE'), hash('sha512', 'face', 'buffer')])),
} as const;

/** Each of them as it would lie in a file: text in one byte or two, bytes as they are, in hexadecimal and in base64. */
export const traces: readonly Buffer[] = Object.values(planted).flatMap((each) =>
  typeof each === 'string'
    ? [Buffer.from(each), Buffer.from(each, 'utf16le'), Buffer.from(Buffer.from(each).toString('hex'))]
    : [
        Buffer.from(each.subarray(0, 24)),
        Buffer.from(Buffer.from(each).toString('hex').slice(0, 48)),
        Buffer.from(Buffer.from(each).toString('base64').slice(0, 32)),
      ],
);

/** A list of 40 alerts that hold what is planted; which references depends on the version. */
export function listOf(version: number): Alert[] {
  return Array.from({ length: 40 }, (_, index) => ({
    ...alert(index + (version % 7), planted.name),
    documents: [{ number: `${planted.number}${index}`, issuingState: 'D' }],
    fingers: [
      { position: 'unknown' as const, model: 'planted', version: '1', template: Uint8Array.from(planted.finger) },
    ],
    faces: [{ model: 'planted', version: '1', template: Uint8Array.from(planted.face) }],
  }));
}
