import { Fault } from '../main/contract/fault.ts';

const here: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether a server's name means this machine: what is said to it crosses no network. A path is that of a socket. */
export function isNear(host: string): boolean {
  return host === '' || host.startsWith('/') || here.has(host);
}

/** Reads a server's URL. It may hold a password, so that no fault repeats it. Fault: `config.invalid`. */
export function serverUrl(text: string, what: string, protocols: readonly string[]): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Fault('config.invalid', `the URL of the ${what} is none`);
  }
  if (!protocols.includes(url.protocol))
    throw new Fault('config.invalid', `the URL of the ${what} begins with ${protocols.join(' or ')}`);
  return url;
}
