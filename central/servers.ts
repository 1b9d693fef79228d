import * as z from 'zod';
import { Fault } from '../main/contract/fault.ts';

const Servers = z.strictObject({
  /** `postgres://…` (docs/scale.md); absent: a file in the directory. */
  database: z.string().min(1).optional(),
  /** `nats://…` or `tls://…`; absent: services are told within the process. */
  queue: z.string().min(1).optional(),
});

/** The servers a central works with instead of what it has in itself. A URL may hold a password: it is said nowhere. */
export type Servers = { readonly database?: string; readonly queue?: string };

/** Reads central.json. Fault: `config.invalid`, naming the place and not what is there. */
export function readServers(text: string): Servers {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Fault('config.invalid', 'central.json is no JSON');
  }
  const { data, error } = Servers.safeParse(json);
  if (!data) throw new Fault('config.invalid', `central.json: ${error.issues[0]?.path.join('.')}`);
  const { database, queue } = data;
  return { ...(database !== undefined && { database }), ...(queue !== undefined && { queue }) };
}
