import { parentPort, workerData } from 'node:worker_threads';
import type { FaceEmbedder } from '../../contract/biometrics.ts';
import { Fault, type FaultCode } from '../../contract/fault.ts';
import type { CameraFrame } from '../../contract/image.ts';
import { createFaceReader, type FaceReader, openFaceSteps } from './face-reader.ts';
import { Uninterrupted } from '../../uninterrupted.ts';

/** What the worker is asked. */
export type FaceTask =
  | { readonly kind: 'open' }
  | { readonly kind: 'portrait'; readonly bytes: Uint8Array }
  | { readonly kind: 'frame'; readonly frame: CameraFrame; readonly challenge: boolean };

/** A task by its number, and the answer that carries it back. */
export interface FaceAsk {
  readonly id: number;
  readonly task: FaceTask;
}
export type FaceReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: FaultCode; readonly message: string };

/** What the worker is started with. */
export interface FaceWorkerData {
  readonly modelsDir: string;
  readonly threads: number;
  /** Memory of the Uninterrupted that the thread is ended by. */
  readonly native: SharedArrayBuffer;
  readonly embedder: FaceEmbedder;
}

async function perform(reader: FaceReader, task: FaceTask): Promise<unknown> {
  switch (task.kind) {
    case 'open':
      return undefined;
    case 'portrait':
      return reader.readPortrait(task.bytes);
    case 'frame':
      return reader.readFrame(task.frame, task.challenge);
  }
}

if (parentPort) {
  const port = parentPort;
  const { modelsDir, threads, embedder, native } = workerData as FaceWorkerData;
  const opening = openFaceSteps(modelsDir, threads, embedder, new Uninterrupted(native)).then(createFaceReader);
  // One task at a time: the next waits for the one before, whatever became of it.
  let last: Promise<unknown> = opening.catch(() => undefined);
  port.on('message', ({ id, task }: FaceAsk) => {
    last = last
      .then(async () => perform(await opening, task))
      .then(
        (value) => port.postMessage({ id, value } satisfies FaceReply),
        (error: unknown) => {
          const { code, message } = Fault.from(error);
          port.postMessage({ id, fault: code, message } satisfies FaceReply);
        },
      );
  });
}
