import { parentPort, workerData } from 'node:worker_threads';
import { Fault, type FaultCode } from '../../contract/fault.ts';
import type { PageImage } from './page-image.ts';
import { openRecogniser } from './recogniser.ts';
import { type PageReading, readPage } from './zone-reader.ts';

/** A page by its number, and the answer that carries it back. Without an image the worker only says that it is ready. */
export interface PageAsk {
  readonly id: number;
  readonly page?: { readonly image: PageImage; readonly today: string };
}
export type PageReply =
  | { readonly id: number; readonly reading?: PageReading }
  | { readonly id: number; readonly fault: FaultCode; readonly message: string };

/** What the worker is started with. */
export interface MrzWorkerData {
  readonly modelsDir: string;
  readonly threads: number;
}

if (parentPort) {
  const port = parentPort;
  const { modelsDir, threads } = workerData as MrzWorkerData;
  const opening = openRecogniser(modelsDir, threads);
  // One page at a time: the next waits for the one before, whatever became of it.
  let last: Promise<unknown> = opening.catch(() => undefined);
  const read = async ({ id, page }: PageAsk): Promise<PageReply> => {
    const recogniser = await opening;
    return page ? { id, reading: await readPage(page.image, page.today, recogniser) } : { id };
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
