import { rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** What the simulated devices can be told to do: each verb takes and gives JSON. */
export type Verbs = Readonly<Record<string, (args: never) => unknown>>;

/** Calls a verb of the far end. */
export type Control = { call<T = unknown>(verb: string, args?: unknown): Promise<T>; close(): void };

/** Listens on a Unix socket for control verbs, one JSON object a line. */
export function serveControl(path: string, verbs: Verbs): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      const { id, verb, args } = JSON.parse(line) as { id: number; verb: string; args: never };
      const answer = (reply: object) => void (socket.writable && socket.write(`${JSON.stringify({ id, ...reply })}\n`));
      Promise.resolve()
        .then(() => (verbs[verb] ?? unknown(verb))(args))
        .then(
          (value) => answer({ value: value ?? null }),
          (error: unknown) => answer({ error: String(error) }),
        );
    });
  });
  // A core that was killed leaves its socket behind.
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

const unknown = (verb: string) => () => {
  throw new Error(`no such verb: ${verb}`);
};

/** Connects to the control socket of a running demonstration core. */
export async function connectControl(path: string): Promise<Control> {
  const socket = createConnection(path);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: string };
    const pending = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(error));
  });
  const lose = () => {
    for (const pending of waiting.values()) pending.reject(new Error('the control socket closed'));
    waiting.clear();
  };
  socket.on('error', lose).on('close', lose);
  return {
    call<T>(verb: string, args: unknown = {}) {
      const pending = Promise.withResolvers<unknown>();
      waiting.set(++last, pending);
      socket.write(`${JSON.stringify({ id: last, verb, args })}\n`);
      return pending.promise as Promise<T>;
    },
    close: () => socket.destroy(),
  };
}
