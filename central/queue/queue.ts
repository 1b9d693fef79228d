import {
  AckPolicy,
  type Consumer,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { Fault } from '../../main/contract/fault.ts';
import { isNear, serverUrl } from '../near.ts';

const defaultAckWaitMs = 10_000;
const duplicateWindowMs = 120_000;
const answerMs = 2000;
const nanoseconds = 1_000_000;

/** What a message says: where a packet stands in the inbox. Nothing of the packet itself is in the queue. */
export interface QueuedPacket {
  readonly position: number;
}

/** How a consumer stands: what it has yet to be told, and what it was told and has not answered. */
export interface ConsumerState {
  readonly pending: number;
  readonly unanswered: number;
}

/**
 * A JetStream of NATS between intake and services: one stream, and in it a durable consumer for each service. What all of
 * them have acknowledged is gone from it. The inbox's database stays the truth: a stream that was lost is made again.
 */
export class Queue {
  readonly #options: NodeConnectionOptions;
  readonly #stream: string;
  readonly #services: readonly string[];
  readonly #ackWaitMs: number;
  #connecting: Promise<NatsConnection> | undefined;
  #closed = false;

  /**
   * `nats://[USER:PASSWORD@]HOST[:PORT][/STREAM]`, or `tls://` as it has to be to another machine. The server is called when it
   * is first needed: intake goes on without it. What a service has not answered after `ackWaitMs` it is told again. Fault: `config.invalid`.
   */
  constructor(url: string, services: readonly string[], ackWaitMs = defaultAckWaitMs) {
    const at = serverUrl(url, 'queue', ['nats:', 'tls:']);
    if (!isNear(at.hostname) && at.protocol !== 'tls:')
      throw new Fault('config.invalid', 'a queue on another machine needs tls://');
    this.#stream = at.pathname.slice(1) || 'limen';
    if (!/^\w{1,64}$/.test(this.#stream))
      throw new Fault('config.invalid', 'the stream of the queue is named by letters, digits and _');
    this.#options = {
      servers: `${at.protocol}//${at.host}`,
      ...(at.protocol === 'tls:' && { tls: {} }),
      ...(at.username && { user: decodeURIComponent(at.username), pass: decodeURIComponent(at.password) }),
      name: 'limen-central',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout: 5000,
    };
    [this.#services, this.#ackWaitMs] = [services, ackWaitMs];
  }

  /** Makes what is not there: the stream on disk, and the consumers before anything is published to them. */
  async prepare(): Promise<void> {
    const manager = await jetstreamManager(await this.#connection(), { timeout: answerMs, checkAPI: false });
    const stream = {
      name: this.#stream,
      subjects: [`${this.#stream}.packet`],
      storage: StorageType.File,
      retention: RetentionPolicy.Interest,
      duplicate_window: duplicateWindowMs * nanoseconds,
    };
    await manager.streams.info(this.#stream).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await manager.streams.add(stream);
    });
    for (const name of this.#services)
      await manager.consumers.info(this.#stream, name).catch(async (error: unknown) => {
        if (!isMissing(error)) throw error;
        await manager.consumers.add(this.#stream, {
          durable_name: name,
          ack_policy: AckPolicy.Explicit,
          ack_wait: this.#ackWaitMs * nanoseconds,
          deliver_policy: DeliverPolicy.All,
          max_deliver: -1,
        });
      });
  }

  /** Publishes where packets stand, each under its durable id; resolves when the server has them all. */
  async publish(packets: readonly { readonly id: string; readonly position: number }[]): Promise<void> {
    const stream = jetstream(await this.#connection(), { timeout: answerMs });
    await Promise.all(
      packets.map(({ id, position }) =>
        stream.publish(`${this.#stream}.packet`, JSON.stringify({ position } satisfies QueuedPacket), {
          msgID: id,
          timeout: answerMs,
        }),
      ),
    );
  }

  async state(service: string): Promise<ConsumerState> {
    const manager = await jetstreamManager(await this.#connection(), { timeout: answerMs, checkAPI: false });
    const { num_pending, num_ack_pending } = await manager.consumers.info(this.#stream, service);
    return { pending: num_pending, unanswered: num_ack_pending };
  }

  async consumer(service: string): Promise<Consumer> {
    return jetstream(await this.#connection()).consumers.get(this.#stream, service);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#connecting?.catch(() => undefined))?.close();
  }

  /** Once there, it finds its way back by itself. */
  async #connection(): Promise<NatsConnection> {
    if (this.#closed) throw new Fault('wire.closed');
    const connecting = (this.#connecting ??= connect(this.#options));
    try {
      return await connecting;
    } catch {
      if (this.#connecting === connecting) this.#connecting = undefined;
      throw new Fault('store.failed', 'the queue cannot be reached');
    }
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound)
  );
}
