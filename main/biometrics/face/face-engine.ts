import type { ChallengePrompt, FaceEmbedder, FaceTemplate } from '../../contract/biometrics.ts';
import { Fault } from '../../contract/fault.ts';
import { defaultEmbedder } from './embedder.ts';
import { type ChallengeRun, runChallenge } from './challenge-run.ts';
import { captureFace, type FaceCapture } from './face-capture.ts';
import { followChallenge } from './face-challenge.ts';
import type { FrameReading, Portrait } from './face-reader.ts';
import { linkFaceWorker, startFaceWorker } from './face-worker-link.ts';

/** Reads portraits and captures live faces, in a thread of its own. */
export interface FaceEngine {
  /** Decodes and reads a document's portrait. Faults: `image.malformed`, `capture.cancelled`. */
  readPortrait(bytes: Uint8Array, signal?: AbortSignal): Promise<Portrait>;
  /** Begins a capture, which lasts until it has what it wants or is aborted. */
  startCapture(options: { readonly signal: AbortSignal; readonly wantedShots?: number }): FaceCapture;
  /** Asks the one whose face was captured to follow prompts, until they were followed, were not, or it is aborted. */
  startChallenge(options: {
    readonly signal: AbortSignal;
    readonly prompts: readonly ChallengePrompt[];
    readonly reference: FaceTemplate;
  }): ChallengeRun;
  close(): Promise<void>;
}

/** How the engine is opened. */
export interface FaceEngineOptions {
  /** Folder of the converted models. */
  readonly modelsDir: string;
  /** The model that makes the templates. */
  readonly embedder?: FaceEmbedder;
  /** Threads of one network's run. One is the quickest on shared cores: more of them spin while they wait for one another. */
  readonly threads?: number;
  /** How long one picture may take; after that the thread is started anew. */
  readonly taskTimeoutMs?: number;
}

/** Opens the engine with its models verified and loaded. Faults: `model.missing`, `model.altered`. */
export async function openFaceEngine(options: FaceEngineOptions): Promise<FaceEngine> {
  const { modelsDir, embedder = defaultEmbedder, threads = 1, taskTimeoutMs = 10_000 } = options;
  const link = linkFaceWorker(() => startFaceWorker({ modelsDir, threads, embedder }), taskTimeoutMs);
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
        async (frame) => (await link.ask({ kind: 'frame', frame, challenge: false }, signal)) as FrameReading,
        signal,
        wantedShots,
      ),
    startChallenge: ({ signal, prompts, reference }) =>
      runChallenge(
        async (frame) => (await link.ask({ kind: 'frame', frame, challenge: true }, signal)) as FrameReading,
        signal,
        followChallenge(prompts, reference),
      ),
    close: () => link.close(),
  };
}
