import type { Clock } from '../../../main/devices/clock.ts';
import { documentReaderDevice } from './document-reader-device.ts';
import { fingerImagerDevice } from './finger-imager-device.ts';
import { gateDevice } from './gate-device.ts';
import type { SimDevice } from './sim-device.ts';
import { slapImagerDevice } from './slap-imager-device.ts';
import { uareuDevice } from './uareu-device.ts';

/** Every modelled device by its kind; each is made from what JSON can say. */
export const modelKinds = {
  'finger-imager': fingerImagerDevice,
  'document-reader': documentReaderDevice,
  gate: gateDevice,
  'slap-imager': slapImagerDevice,
  uareu: uareuDevice,
} as const satisfies Record<string, (clock: Clock, options?: never) => SimDevice>;

export type ModelKind = keyof typeof modelKinds;

/** Makes a device of a kind; the options are those of its model. */
export function deviceOf(kind: ModelKind, clock: Clock, options: object = {}): SimDevice {
  return modelKinds[kind](clock, options);
}
