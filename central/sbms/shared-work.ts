/** Work that several wait for, each for as long as its own signal lets it; it is aborted when the last has gone. */
export class SharedWork<T> {
  readonly #left = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;
  #done = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#left.signal).finally(() => (this.#done = true));
    this.#result.catch(() => {}); // who waits is told
  }

  /** Everybody went before it was done: it will not give a result any more. */
  get abandoned(): boolean {
    return !this.#done && this.#left.signal.aborted;
  }

  /** Rejects with the signal's reason when that fires first. */
  async wait(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting++;
    try {
      return await Promise.race([this.#result, gone.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (--this.#waiting === 0 && !this.#done) this.#left.abort();
    }
  }
}
