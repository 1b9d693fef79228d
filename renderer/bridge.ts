import type { Wire } from '../main/contract/wire.ts';

/** How the page stands to the kiosk: no wire yet or any more, a wire, or told that the kiosk is out of service. */
export type Link =
  { readonly state: 'waiting' } | { readonly state: 'connected'; readonly wire: Wire } | { readonly state: 'closed' };

/** The page's current link, and news of a change; fits React's useSyncExternalStore. */
export interface Bridge {
  readonly current: () => Link;
  readonly subscribe: (changed: () => void) => () => void;
}

/** The part of MessagePort that a wire needs. */
export type Port = Pick<
  MessagePort,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'dispatchEvent' | 'start' | 'close'
>;

/** The part of a browser window that the bridge needs. */
export interface Page {
  addEventListener(type: 'message', hear: (event: PageMessage) => void): void;
  readonly limen?: { ready(): void };
}
type PageMessage = Pick<MessageEvent<unknown>, 'data' | 'source'> & { readonly ports: readonly Port[] };

/** Carries the contract over a message port. */
export function portWire(port: Port): Wire {
  return {
    post: (message) => port.postMessage(message),
    listen: (receive) => {
      const hear = (event: Event) => receive((event as MessageEvent<unknown>).data);
      port.addEventListener('message', hear);
      port.start();
      return () => port.removeEventListener('message', hear);
    },
    onClose: (closed) => port.addEventListener('close', closed, { once: true }),
  };
}

/**
 * Takes the ports that the preload posts into the page, and asks for the first. Messages of any other window are not
 * heard. A new port takes the place of the old one, which is closed: the core was started again.
 */
export function openBridge(page: Page): Bridge {
  let link: Link = { state: 'waiting' };
  let port: Port | undefined;
  const hearers = new Set<() => void>();
  const change = (next: Link) => {
    link = next;
    for (const hear of hearers) hear();
  };
  const take = (next: Port | undefined) => {
    const last = port;
    port = next;
    last?.close();
    // Closing tells only the far end; those who still wait for an answer here must hear of it too.
    last?.dispatchEvent(new Event('close'));
  };

  page.addEventListener('message', ({ source, data, ports }) => {
    if (source !== page) return;
    if (data === 'limen:wire' && ports[0]) {
      const own = ports[0];
      take(own);
      const wire = portWire(own);
      wire.onClose(() => {
        if (port === own) change({ state: 'waiting' });
      });
      change({ state: 'connected', wire });
    } else if (data === 'limen:out-of-service') {
      take(undefined);
      change({ state: 'closed' });
    }
  });
  page.limen?.ready();

  return {
    current: () => link,
    subscribe: (changed) => {
      hearers.add(changed);
      return () => void hearers.delete(changed);
    },
  };
}
