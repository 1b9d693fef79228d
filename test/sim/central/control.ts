import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { Faults, type FaultSettings, Figures } from './faults.ts';
import type { FaultyCentral } from './faulty-central.ts';

const State = z.strictObject({ faults: Faults, figures: Figures });
type State = z.infer<typeof State>;

/**
 * Serves the control of a central's faults on this machine alone: `GET /` tells faults and figures as JSON, `PUT /` with a part
 * of the faults sets these and nothing else. 400 for what are none.
 */
export async function serveFaults(
  central: FaultyCentral,
  port = 0,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const work = async (): Promise<State> => {
      if (request.method === 'PUT') await central.set(JSON.parse(await text(request)) as FaultSettings);
      return { faults: central.faults, figures: central.figures };
    };
    work().then(
      (state) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(state)),
      (error: unknown) => response.writeHead(400).end(error instanceof Error ? error.message : ''),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The far end of serveFaults, wherever the central runs. */
export function faultsAt(port: number) {
  const call = async (init: RequestInit = {}): Promise<State> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, init);
    if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
    return State.parse(await response.json());
  };
  return {
    read: () => call(),
    set: (settings: FaultSettings) => call({ method: 'PUT', body: JSON.stringify(settings) }),
    /** Everything is right again. */
    mend: () => call({ method: 'PUT', body: '{}' }),
  };
}
