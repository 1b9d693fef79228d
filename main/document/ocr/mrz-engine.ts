import { Worker } from 'node:worker_threads';
import { Fault } from '../../contract/fault.ts';
import { Uninterrupted } from '../../uninterrupted.ts';
import type { MrzWorkerData, PageAsk, PageReply } from './mrz-worker.ts';
import type { PageImage } from './page-image.ts';
import type { PageReading } from './zone-reader.ts';

/** Reads machine readable zones off pictures, in a thread of its own. */
export interface MrzEngine {
  /**
   * Finds and reads the zone in a picture, decoded or as JPEG or JPEG 2000 of up to 8 MiB with sides of up to 4096
   * pixels; `today` is `YYYY-MM-DD`. The thread overwrites its copy of encoded pictures. Faults: `image.malformed`, also for a picture that takes too long, `capture.cancelled` when aborted or closed, `internal` when the thread dies; the next page finds a new thread.
   */
  readPage(image: PageImage | Uint8Array, today: string, signal?: AbortSignal): Promise<PageReading>;
  close(): Promise<void>;
}

/** How the engine is opened. */
export interface MrzEngineOptions {
  /** Folder of the models. */
  readonly modelsDir: string;
  /** Threads of the network's run. */
  readonly threads?: number;
  /** How long one page may take; after that the thread is started anew. */
  readonly pageTimeoutMs?: number;
}

// The worker's file lies beside this one, as source and as bundle.
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './mrz-worker.ts' : './mrz-worker.js', import.meta.url);

/** Opens the engine with its model verified and loaded. Faults: `model.missing`, `model.altered`. */
export async function openMrzEngine(options: MrzEngineOptions): Promise<MrzEngine> {
  const { modelsDir, threads = 2, pageTimeoutMs = 10_000 } = options;
  const waiting = new Map<number, PromiseWithResolvers<PageReading | undefined>>();
  let worker: Worker | undefined;
  let native = new Uninterrupted();
  let lastId = 0;
  let closed = false;

  const fail = (gone: Worker, fault: Fault) => {
    if (worker !== gone) return;
    worker = undefined;
    for (const pending of waiting.values()) pending.reject(fault);
    waiting.clear();
  };

  const start = () => {
    native = new Uninterrupted();
    const workerData = { modelsDir, threads, native: native.memory } satisfies MrzWorkerData;
    const started = new Worker(workerFile, { workerData });
    started.on('message', (reply: PageReply) => {
      const pending = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('fault' in reply) pending?.reject(new Fault(reply.fault, reply.message));
      else pending?.resolve(reply.reading);
    });
    started.on('error', (error) => fail(started, new Fault('internal', 'the page reader failed', { cause: error })));
    started.on('exit', () => fail(started, new Fault('internal', 'the page reader ended')));
    return started;
  };

  const stop = async (fault: Fault) => {
    const [stopped, work] = [worker, native];
    if (!stopped) return;
    fail(stopped, fault);
    await work.end();
    await stopped.terminate();
  };

  const ask = async (page: PageAsk['page'], signal?: AbortSignal): Promise<PageReading | undefined> => {
    if (closed || signal?.aborted) throw new Fault('capture.cancelled');
    worker ??= start();
    const id = ++lastId;
    const pending = Promise.withResolvers<PageReading | undefined>();
    waiting.set(id, pending);
    const abort = () => pending.reject(new Fault('capture.cancelled'));
    signal?.addEventListener('abort', abort, { once: true });
    const tooLong = () => void stop(new Fault('image.malformed', 'a page that takes too long'));
    const timer = page && setTimeout(tooLong, pageTimeoutMs);
    try {
      worker.postMessage({ id, ...(page && { page }) } satisfies PageAsk);
      return await pending.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      waiting.delete(id);
    }
  };

  const close = async () => {
    closed = true;
    await stop(new Fault('capture.cancelled'));
  };

  await ask(undefined).catch(async (error: unknown) => {
    await close();
    throw Fault.from(error);
  });
  return {
    readPage: async (image, today, signal) => {
      const reading = await ask({ image, today }, signal);
      if (!reading) throw new Fault('internal', 'a page without a reading');
      return reading;
    },
    close,
  };
}
