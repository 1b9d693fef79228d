import { Fault } from '../../contract/fault.ts';
import { captureFace, type FaceCapture } from './face-capture.ts';
import type { FrameReading, Portrait } from './face-reader.ts';
import { linkFaceWorker, startFaceWorker } from './face-worker-link.ts';

/** Reads portraits and captures live faces, in a thread of its own. */
export interface FaceEngine {
  /** Decodes and reads a document's portrait. Faults: `image.malformed`, `capture.cancelled`. */
  readPortrait(bytes: Uint8Array, signal?: AbortSignal): Promise<Portrait>;
  /** Begins a capture, which lasts until it has what it wants or is aborted. */
  startCapture(options: { readonly signal: AbortSignal; readonly wantedShots?: number }): FaceCapture;
  close(): Promise<void>;
}

/** How the engine is opened. */
export interface FaceEngineOptions {
  /** Folder of the converted models. */
  readonly modelsDir: string;
  /** Threads of one network's run. One is the quickest on shared cores: more of them spin while they wait for one another. */
  readonly threads?: number;
  /** How long one picture may take; after that the thread is started anew. */
  readonly taskTimeoutMs?: number;
}

/** Opens the engine with its models verified and loaded. Faults: `model.missing`, `model.altered`. */
export async function openFaceEngine(options: FaceEngineOptions): Promise<FaceEngine> {
  const { modelsDir, threads = 1, taskTimeoutMs = 10_000 } = options;
  const link = linkFaceWorker(() => startFaceWorker({ modelsDir, threads }), taskTimeoutMs);
  await link.ask({ kind: 'open' }).catch(async (error: unknown) => {
    await link.close();
    throw Fault.from(error);
  });
  return {
    readPortrait: async (bytes, signal) => {
      try {
        return (await link.ask({ kind: 'portrait', bytes }, signal)) as Portrait;
      } catch (error) {
        // What takes for ever to decode is no portrait.
        if (error instanceof Fault && error.code === 'device.timeout') throw new Fault('image.malformed', 'too slow');
        throw error;
      }
    },
    startCapture: ({ signal, wantedShots = 4 }) =>
      captureFace(
        async (frame) => (await link.ask({ kind: 'frame', frame }, signal)) as FrameReading,
        signal,
        wantedShots,
      ),
    close: () => link.close(),
  };
}
