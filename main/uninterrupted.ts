import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from './contract/fault.ts';

const idle = 0;
const working = 1;
const ended = 2;

/**
 * Keeps a thread from being ended in the middle of ONNX Runtime's work, which comes back to a thread that is gone and takes
 * the whole process with it. Both threads hold one over the same four bytes of shared memory.
 */
export class Uninterrupted {
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;
  #last: Promise<unknown> = Promise.resolve();

  constructor(memory = new SharedArrayBuffer(4)) {
    this.memory = memory;
    this.#state = new Int32Array(memory);
  }

  /** Does native work, one piece after another; for the thread that may be ended. Fault `capture.cancelled` once it is to end. */
  during<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#alone(work));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (Atomics.compareExchange(this.#state, 0, idle, working) !== idle) throw new Fault('capture.cancelled');
    try {
      return await work();
    } finally {
      // The result is told from within the native call: let that return first.
      await new Promise((returned) => setImmediate(returned));
      Atomics.store(this.#state, 0, idle);
    }
  }

  /** Resolves when no such work goes on and none will begin; for whoever ends the thread. */
  async end(): Promise<void> {
    while (Atomics.compareExchange(this.#state, 0, idle, ended) === working) await sleep(5);
  }
}
