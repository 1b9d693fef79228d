import * as z from 'zod';
import { Fault, type FaultCode, faults } from './fault.ts';

/** Carries messages between two ends: a MessagePort between processes or threads, or memory in a test. */
export interface Wire {
  post(message: unknown): void;
  /** Hears every message from the far end until the returned function is called. */
  listen(receive: (message: unknown) => void): () => void;
  /** Called once when the far end is gone. */
  onClose(closed: () => void): void;
}

/** A question with an answer; both are checked where they are not trusted. */
export interface Call<A, R> {
  readonly kind: 'call';
  readonly asks: z.ZodType<A>;
  readonly gives: z.ZodType<R>;
}

/** A state broadcast. A new listener is told the latest value, so nobody misses the present. */
export interface Tell<T> {
  readonly kind: 'tell';
  readonly gives: z.ZodType<T>;
}

export function call<A, R>(asks: z.ZodType<A>, gives: z.ZodType<R>): Call<A, R> {
  return { kind: 'call', asks, gives };
}

export function tell<T>(gives: z.ZodType<T>): Tell<T> {
  return { kind: 'tell', gives };
}

// A contract may hold terms of any type; each term is checked by its own schema.
// oxlint-disable-next-line typescript/no-explicit-any
export type Contract = Record<string, Call<any, any> | Tell<any>>;

/** What the serving end supplies: a handler for each call. */
export type Handlers<C extends Contract> = {
  [K in keyof C as C[K] extends Call<unknown, unknown> ? K : never]: C[K] extends Call<infer A, infer R>
    ? (ask: A) => R | Promise<R>
    : never;
};

/** What the using end gets: a function for each call, a subscription for each tell. */
export type Client<C extends Contract> = {
  [K in keyof C]: C[K] extends Call<infer A, infer R>
    ? (ask: A) => Promise<R>
    : C[K] extends Tell<infer T>
      ? (hear: (value: T) => void) => () => void
      : never;
};

/** Tells the far end of a new state. */
export type Notify<C extends Contract> = <K extends keyof C & string>(
  name: K,
  value: C[K] extends Tell<infer T> ? T : never,
) => void;

const Ask = z.strictObject({ id: z.int().nonnegative(), name: z.string().max(64), ask: z.unknown() });

type Reply = { id: number; value: unknown } | { id: number; fault: FaultCode } | { tell: string; value: unknown };

/**
 * Answers the far end, which is not trusted: what is not a message is dropped, what the schema refuses is answered
 * with `contract.breach`, and neither a stack nor a message text of an error ever crosses.
 */
export function serve<C extends Contract>(contract: C, handlers: Handlers<C>, wire: Wire): Notify<C> {
  const answer = async (name: string, ask: unknown): Promise<unknown> => {
    const term = Object.hasOwn(contract, name) ? contract[name] : undefined;
    const checked = term?.kind === 'call' ? term.asks.safeParse(ask) : undefined;
    if (!checked?.success) throw new Fault('contract.breach', name);
    const handler = handlers[name as keyof Handlers<C>] as (ask: unknown) => unknown;
    return handler(checked.data);
  };
  wire.listen((message) => {
    const parsed = Ask.safeParse(message);
    if (!parsed.success) return;
    const { id, name, ask } = parsed.data;
    answer(name, ask).then(
      (value) => wire.post({ id, value } satisfies Reply),
      (error: unknown) => wire.post({ id, fault: Fault.from(error).code } satisfies Reply),
    );
  });
  return (name, value) => wire.post({ tell: name, value } satisfies Reply);
}

/** The typed far end of a contract. Calls still open when the wire closes fail with `wire.closed`. */
export function connect<C extends Contract>(contract: C, wire: Wire): Client<C> {
  let last = 0;
  let closed = false;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const latest = new Map<string, unknown>();
  const hearers = new Map<string, Set<(value: unknown) => void>>();

  wire.onClose(() => {
    closed = true;
    for (const pending of waiting.values()) pending.reject(new Fault('wire.closed'));
    waiting.clear();
  });
  wire.listen((message) => {
    const reply = message as Reply;
    if ('tell' in reply) {
      latest.set(reply.tell, reply.value);
      for (const hear of hearers.get(reply.tell) ?? []) hear(reply.value);
      return;
    }
    const pending = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('fault' in reply) pending?.reject(new Fault(reply.fault in faults ? reply.fault : 'internal'));
    else pending?.resolve(reply.value);
  });

  const ask = (name: string) => (question: unknown) => {
    if (closed) return Promise.reject(new Fault('wire.closed'));
    const pending = Promise.withResolvers<unknown>();
    waiting.set(++last, pending);
    wire.post({ id: last, name, ask: question });
    return pending.promise;
  };
  const subscribe = (name: string) => (hear: (value: unknown) => void) => {
    const set = hearers.get(name) ?? new Set();
    hearers.set(name, set.add(hear));
    if (latest.has(name)) hear(latest.get(name));
    return () => void set.delete(hear);
  };
  const ends = Object.entries(contract).map(([name, term]) => [
    name,
    term.kind === 'call' ? ask(name) : subscribe(name),
  ]);
  return Object.fromEntries(ends) as Client<C>;
}
