const retryMs = 1000;

/** Work that is to be done after each word of it: one run at a time, and one more for whatever was said meanwhile. A run that fails is made up for. */
export class Errand {
  readonly #work: () => Promise<unknown>;
  #wanted = false;
  #stopped = false;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(work: () => Promise<unknown>) {
    this.#work = work;
  }

  /** There is something to do. */
  due(): void {
    this.#wanted = true;
    this.#running ??= this.#run();
  }

  /** When nothing is left to do, or what is left has failed and waits for its retry. */
  async done(): Promise<void> {
    await this.#running;
  }

  /** Begins nothing more; resolves when what was going on has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.done();
    clearTimeout(this.#retry);
  }

  async #run(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      while (this.#wanted && !this.#stopped) {
        this.#wanted = false;
        await this.#work();
      }
    } catch {
      this.#retry = setTimeout(() => this.due(), retryMs).unref();
    } finally {
      this.#running = undefined;
    }
  }
}
