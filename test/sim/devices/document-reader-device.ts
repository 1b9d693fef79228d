import type { Clock } from '../../../main/devices/clock.ts';
import type { Verbs } from '../control.ts';
import { Cable, cabledBytes } from './cable.ts';
import { DocumentReaderModel, type ReaderModelOptions } from './document-reader-model.ts';
import { bytesReceived, type SimByteDevice } from './sim-device.ts';

/** What of the model JSON can say. */
export type ReaderDeviceOptions = Partial<Omit<ReaderModelOptions, 'clock'>>;

/** A document as JSON carries it: pictures in base64. */
export interface SentDocument {
  readonly lines: readonly string[];
  readonly portrait?: string;
  readonly page?: string;
}

/** What can be done to a reader by hand, whatever its cable. */
export const glassVerbs = (model: DocumentReaderModel) =>
  ({
    insert: ({ lines, portrait, page }: SentDocument) =>
      model.place({
        lines,
        ...(portrait !== undefined && { portrait: bytesReceived(portrait) }),
        ...(page !== undefined && { page: bytesReceived(page) }),
      }),
    remove: () => model.remove(),
    retry: ({ code }: { code: number }) => model.retry(code),
    error: ({ code }: { code: number }) => model.error(code),
    sleep: ({ delayMs }: { delayMs: number }) => model.sleep(delayMs),
    state: () => ({ enabled: model.enabled }),
  }) satisfies Verbs;

/** The serial document reader as a device to plug in, with the verbs of its glass. */
export function documentReaderDevice(clock: Clock, options: ReaderDeviceOptions = {}) {
  const model = new DocumentReaderModel({ clock, ...options });
  const cable = new Cable(clock);
  const verbs = { ...cable.verbs, ...glassVerbs(model) };
  return {
    bus: 'bytes',
    model: cabledBytes(model, cable),
    cable,
    verbs,
    identity: {
      vendorId: 0x1209,
      productId: 2,
      serial: options.serial ?? 'DR-0001',
      product: options.model ?? 'Reference reader',
    },
    powerOff: () => model.powerOff(),
  } satisfies SimByteDevice;
}
