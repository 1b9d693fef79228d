import { connect, createServer, type Server, type Socket } from 'node:net';

/** A port of this machine that leads to another, and can be shut and opened again. */
export interface Passage {
  readonly port: number;
  /** Cuts what goes through, and lets nobody in. */
  shut(): void;
  open(): Promise<void>;
}

/** Opens a passage to a port, which is asked for with each connection. */
export async function openPassage(to: () => number): Promise<Passage> {
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;
  const open = async () => {
    server = createServer((near) => {
      const far = connect(to(), '127.0.0.1');
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket
          .on('error', () => {})
          .on('close', () => {
            sockets.delete(socket);
            near.destroy();
            far.destroy();
          });
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    ({ port } = server.address() as { port: number });
  };
  await open();
  return {
    get port() {
      return port;
    },
    open,
    shut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
