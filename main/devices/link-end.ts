import type { Fault } from '../contract/fault.ts';

/** What a link needs of its port to end with it. */
export interface EndingPort {
  onClosed(hear: (why: Fault) => void): () => void;
  close(): Promise<void>;
}

/** The end of a conversation over a port, which comes once: the port closes, or the device is given up. */
export class LinkEnd {
  /** Why the link is no more. */
  fault: Fault | undefined;
  readonly lost: Promise<Fault>;
  readonly #lost = Promise.withResolvers<Fault>();
  readonly #port: EndingPort;
  readonly #detach: (() => void)[];
  readonly #ended: (fault: Fault) => void;

  /** At the end the hearing is undone first, then `ended` fails every wait. */
  constructor(port: EndingPort, hearing: readonly (() => void)[], ended: (fault: Fault) => void) {
    this.lost = this.#lost.promise;
    this.#port = port;
    this.#ended = ended;
    this.#detach = [...hearing];
    // A port that has closed already says so at once.
    this.#detach.push(port.onClosed((why) => this.#end(why)));
  }

  /** Throws why the link is no more, if it is not. */
  check(): void {
    if (this.fault) throw this.fault;
  }

  /** Gives the device up: every wait fails with the fault, the port is closed. */
  async fail(fault: Fault): Promise<void> {
    this.#end(fault);
    await this.#port.close();
  }

  #end(fault: Fault): void {
    if (this.fault) return;
    this.fault = fault;
    for (const detach of this.#detach) detach();
    this.#ended(fault);
    this.#lost.resolve(fault);
  }
}
