import { setTimeout } from 'node:timers/promises';
import { Errand } from './errand.ts';
import type { Feed } from './feed.ts';
import { QueueConsumer } from './queue/queue-consumer.ts';
import { Queue } from './queue/queue.ts';
import { Relay } from './queue/relay.ts';
import type { Database } from './sql.ts';

/** The services that take what has come in. */
export const serviceNames = ['ees', 'audit', 'statistics'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What of a queue is this process's. */
export interface QueueOptions {
  readonly url: string;
  /** Whether it tells the queue what has come in. */
  readonly relays: boolean;
  /** Which services take here. */
  readonly serves: readonly ServiceName[];
  /** How long what a service was told may be unanswered before it is told again. */
  readonly ackWaitMs?: number;
}

/** A service's feed, and what is to follow when it has taken something. */
export interface Taker {
  readonly feed: Feed;
  readonly taken?: () => void;
}

/** What has services take what came in. */
export interface Taking {
  /** Something has come; nobody waits for it to be taken. */
  readonly due: () => void;
  /** When all that had come is taken, or what could not be waits for another try. */
  readonly done: () => Promise<void>;
  close(): Promise<void>;
}

/** Services of this very process, told by a call. What fails is safe in the inbox, and is taken along by the next run. */
export function takeAtOnce(takers: readonly Taker[]): Taking {
  const errands = takers.map(
    ({ feed, taken }) =>
      new Errand(async () => {
        await feed.advance();
        taken?.();
      }),
  );
  const due = () => errands.forEach((errand) => errand.due());
  due();
  return {
    due,
    done: async () => void (await Promise.all(errands.map((errand) => errand.done()))),
    close: async () => void (await Promise.all(errands.map((errand) => errand.stop()))),
  };
}

/** Services wherever they run, told by a queue: this process relays to it, takes for some of them, or both. */
export async function takeFromQueue(
  database: Database,
  takers: readonly Taker[],
  { url, relays, serves, ackWaitMs }: QueueOptions,
): Promise<Taking> {
  const queue = new Queue(
    url,
    takers.map(({ feed }) => feed.name),
    ackWaitMs,
  );
  const feeds = takers.map(({ feed }) => feed);
  const relay = relays ? await Relay.open(database, queue, feeds) : undefined;
  const consumers = takers
    .filter(({ feed }) => serves.includes(feed.name as ServiceName))
    .map(({ feed, taken }) => new QueueConsumer(queue, feed, taken));
  const closing = new AbortController();
  return {
    due: () => relay?.due(),
    async done() {
      await relay?.done();
      for (const feed of feeds) while (!closing.signal.aborted && (await feed.behind()) > 0) await setTimeout(10);
    },
    async close() {
      closing.abort();
      await relay?.close();
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await queue.close();
    },
  };
}
