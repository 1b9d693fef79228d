import { parentPort, workerData } from 'node:worker_threads';
import { Fault, type FaultCode } from '../../contract/fault.ts';
import { createImageDecoder, pageLimits } from '../../image/image-decoder.ts';
import type { PageImage } from './page-image.ts';
import { Uninterrupted } from '../../uninterrupted.ts';
import { openRecogniser } from './recogniser.ts';
import { type PageReading, readPage } from './zone-reader.ts';

/** A page by its number, and the answer that carries it back. Without an image the worker only says that it is ready. */
export interface PageAsk {
  readonly id: number;
  readonly page?: { readonly image: PageImage | Uint8Array; readonly today: string };
}
export type PageReply =
  | { readonly id: number; readonly reading?: PageReading }
  | { readonly id: number; readonly fault: FaultCode; readonly message: string };

/** What the worker is started with. */
export interface MrzWorkerData {
  readonly modelsDir: string;
  readonly threads: number;
  readonly native: SharedArrayBuffer;
}

if (parentPort) {
  const port = parentPort;
  const { modelsDir, threads, native } = workerData as MrzWorkerData;
  const opening = openRecogniser(modelsDir, threads, new Uninterrupted(native));
  const decode = createImageDecoder(pageLimits);
  // One page at a time: the next waits for the one before, whatever became of it.
  let last: Promise<unknown> = opening.catch(() => undefined);
  const read = async ({ id, page }: PageAsk): Promise<PageReply> => {
    const recogniser = await opening;
    if (!page) return { id };
    const { image, today } = page;
    if (!(image instanceof Uint8Array)) return { id, reading: await readPage(image, today, recogniser) };
    // Both are this thread's own copies.
    const decoded = await decode(image).finally(() => image.fill(0));
    try {
      return { id, reading: await readPage({ ...decoded, channels: 3 }, today, recogniser) };
    } finally {
      decoded.pixels.fill(0);
    }
  };
  port.on('message', (ask: PageAsk) => {
    last = last
      .then(() => read(ask))
      .catch((error: unknown): PageReply => {
        const { code, message } = Fault.from(error);
        return { id: ask.id, fault: code, message };
      })
      .then((reply) => port.postMessage(reply));
  });
}
