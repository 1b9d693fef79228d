import { setTimeout } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import * as z from 'zod';
import type { Feed } from '../feed.ts';
import type { Queue } from './queue.ts';

const messagesAtOnce = 32;
const retryMs = 500;

const QueuedPacket = z.object({ position: z.int().min(1) });

/** A service at the queue: takes what it is told of, and acknowledges when the effect has been committed. Told again, it takes nothing twice. */
export class QueueConsumer {
  readonly #queue: Queue;
  readonly #feed: Feed;
  readonly #taken: () => void;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #messages: ConsumerMessages | undefined;

  /** `taken` is called after each commit. */
  constructor(queue: Queue, feed: Feed, taken: () => void = () => {}) {
    [this.#queue, this.#feed, this.#taken] = [queue, feed, taken];
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#messages?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // The server may be away, or have lost stream and consumer: they are made again, and the relay tells again what is in them.
      await this.#consume().catch(() => {});
      await setTimeout(retryMs, undefined, { signal }).catch(() => {});
    }
  }

  async #consume(): Promise<void> {
    await this.#queue.prepare();
    const consumer = await this.#queue.consumer(this.#feed.name);
    this.#messages = await consumer.consume({
      max_messages: 2 * messagesAtOnce,
      expires: 5000,
      abort_on_missing_resource: true,
    });
    if (this.#stopping.signal.aborted) return this.#messages.stop();
    let waiting: JsMsg[] = [];
    for await (const message of this.#messages) {
      waiting.push(message);
      if (waiting.length < messagesAtOnce && message.info.pending > 0) continue;
      await this.#take(waiting);
      waiting = [];
    }
  }

  /** One by one when it fails for all together, so that one that cannot be taken holds up no other. */
  async #take(messages: readonly JsMsg[]): Promise<void> {
    try {
      await this.#feed.takeAll(messages.flatMap((message) => positionOf(message) ?? []));
      this.#taken();
      for (const message of messages) message.ack();
    } catch {
      if (messages.length > 1) for (const message of messages) await this.#take([message]);
      else messages[0]?.nak(retryMs);
    }
  }
}

/** What says no position is acknowledged and left: the relay goes by the inbox. */
function positionOf(message: JsMsg): number | undefined {
  try {
    return QueuedPacket.safeParse(message.json()).data?.position;
  } catch {
    return undefined;
  }
}
