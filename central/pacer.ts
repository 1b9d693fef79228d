import { randomBytes } from 'node:crypto';
import { maxBatchBytes, maxBatchRows, type Pace, partBytes } from '../main/contract/packet.ts';

/** How many kiosks may empty their queues at full pace at once, and how long a silent one keeps its turn. */
const turns = 8;
const turnMs = 30_000;

/** What the others may send meanwhile, and how long they wait: the longer, the more of them there are. */
const slowRows = 8;
const spacingMs = 250;
const longestMs = 60_000;

/** Lets kiosks that come back together after an outage empty their queues a few at a time, and the others in small steps. */
export class Pacer {
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #holders = new Map<string, { turn: string; untilMs: number }>();
  readonly #waiting = new Map<string, number>();

  /** The clock only goes up; `random` gives 0 to 1. */
  constructor(nowMs: () => number = () => performance.now(), random: () => number = Math.random) {
    this.#nowMs = nowMs;
    this.#random = random;
  }

  /** How a kiosk is to go on that has so many packets left; undefined where it need not mind. */
  pace(kioskId: string, left: number, shown: string | undefined): Pace | undefined {
    const nowMs = this.#nowMs();
    for (const [id, { untilMs }] of this.#holders) if (untilMs < nowMs) this.#holders.delete(id);
    for (const [id, sinceMs] of this.#waiting) if (sinceMs + longestMs < nowMs) this.#waiting.delete(id);
    const held = this.#holders.get(kioskId);
    this.#waiting.delete(kioskId);
    if (left === 0) {
      this.#holders.delete(kioskId);
      return undefined;
    }
    if (this.#holders.size < turns || (held && held.turn === shown)) {
      const turn = held?.turn ?? randomBytes(16).toString('base64url');
      this.#holders.set(kioskId, { turn, untilMs: nowMs + turnMs });
      return { maxRows: maxBatchRows, maxBytes: maxBatchBytes, waitMs: 0, turn };
    }
    this.#waiting.set(kioskId, nowMs);
    const waitMs = Math.round(Math.min(longestMs, 2 * this.#random() * spacingMs * this.#waiting.size));
    return { maxRows: slowRows, maxBytes: partBytes, waitMs };
  }
}
