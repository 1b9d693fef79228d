/** Work that must not overlap: each piece begins when the one before has ended, well or badly. */
export class TurnQueue {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => work());
    this.#last = turn.catch(() => {});
    return turn;
  }
}
