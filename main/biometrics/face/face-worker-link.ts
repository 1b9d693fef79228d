import { Worker } from 'node:worker_threads';
import { Fault } from '../../contract/fault.ts';
import type { FaceAsk, FaceReply, FaceTask, FaceWorkerData } from './face-worker.ts';
import { Uninterrupted } from '../../uninterrupted.ts';

/** Asks the face worker, and starts it again when it has died. */
export interface FaceWorkerLink {
  /**
   * The worker's answer. A task that is not answered in time ends the worker with it. Faults: the task's own,
   * `capture.cancelled` when aborted, `device.timeout`, `internal` when the worker dies.
   */
  ask(task: FaceTask, signal?: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

// The worker's file lies beside this one, as source and as bundle.
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './face-worker.ts' : './face-worker.js', import.meta.url);

/** A worker, and the way to end it. */
export interface FaceWorker {
  readonly worker: Worker;
  end(): Promise<unknown>;
}

/** Starts the face worker, which loads its models at once. */
export function startFaceWorker(options: Omit<FaceWorkerData, 'native'>): FaceWorker {
  const native = new Uninterrupted();
  const worker = new Worker(workerFile, { workerData: { ...options, native: native.memory } satisfies FaceWorkerData });
  return { worker, end: () => native.end().then(() => worker.terminate()) };
}

/** Links to the worker that `start` gives; it is called with the first task, and again after a worker has died. */
export function linkFaceWorker(start: () => FaceWorker, taskTimeoutMs: number): FaceWorkerLink {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let current: FaceWorker | undefined;
  let lastId = 0;
  let closed = false;

  function fail(gone: FaceWorker, fault: Fault): void {
    if (current !== gone) return;
    current = undefined;
    for (const pending of waiting.values()) pending.reject(fault);
    waiting.clear();
  }

  function listen(started: FaceWorker): FaceWorker {
    const { worker } = started;
    worker.on('message', (reply: FaceReply) => {
      const pending = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('fault' in reply) pending?.reject(new Fault(reply.fault, reply.message));
      else pending?.resolve(reply.value);
    });
    worker.on('error', (error) => fail(started, new Fault('internal', 'the face worker failed', { cause: error })));
    worker.on('exit', () => fail(started, new Fault('internal', 'the face worker ended')));
    return started;
  }

  async function stop(fault: Fault): Promise<void> {
    const stopped = current;
    if (!stopped) return;
    fail(stopped, fault);
    await stopped.end();
  }

  return {
    ask: async (task, signal) => {
      if (closed || signal?.aborted) throw new Fault('capture.cancelled');
      current ??= listen(start());
      const id = ++lastId;
      const pending = Promise.withResolvers<unknown>();
      waiting.set(id, pending);
      const abort = () => pending.reject(new Fault('capture.cancelled'));
      const timer = setTimeout(() => void stop(new Fault('device.timeout', `face task ${task.kind}`)), taskTimeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      try {
        current.worker.postMessage({ id, task } satisfies FaceAsk);
        return await pending.promise;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        waiting.delete(id);
      }
    },
    close: async () => {
      closed = true;
      await stop(new Fault('capture.cancelled'));
    },
  };
}
