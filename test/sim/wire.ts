import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Wire } from '../../main/contract/wire.ts';

/** The wire over a port of Node. */
export function portWire(port: MessagePort): Wire {
  return {
    post: (message) => port.postMessage(message),
    listen(receive) {
      port.on('message', receive);
      return () => void port.off('message', receive);
    },
    onClose: (closed) => void port.once('close', closed),
  };
}

/** Two ends of one wire in this process; what is posted is copied, as between processes. `post` says anything at all. */
export function wirePair() {
  const { port1, port2 } = new MessageChannel();
  return {
    near: portWire(port1),
    far: portWire(port2),
    post: (message: unknown) => port2.postMessage(message),
    close: () => port1.close(),
  };
}
