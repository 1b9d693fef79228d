import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { stream } from '../sim/finger/random.ts';

/**
 * A bad cable between a kiosk and central: each connection's fate is drawn from the seed. It is refused, broken off after some
 * bytes of one direction, falls silent without an end, has a byte changed, is slow and in small pieces, or is good.
 */
export async function badCable(target: () => number, seed: number) {
  const random = stream(seed);
  const sockets = new Set<Socket>();
  const fates = { good: 0, refused: 0, broken: 0, silent: 0, garbled: 0, slow: 0 };
  const names = ['good', 'good', 'refused', 'broken', 'broken', 'silent', 'garbled', 'slow'] as const;
  let mended = false;
  const server = createServer((near) => {
    const fate = mended ? 'good' : names[Math.floor(random() * names.length)]!;
    const [limit, upwards] = [Math.floor(random() ** 2 * 20_000), random() < 0.5];
    fates[fate]++;
    sockets.add(near);
    near.on('close', () => sockets.delete(near)).on('error', () => near.destroy());
    if (fate === 'refused') return void near.destroy();
    const far = connect(target(), '127.0.0.1');
    sockets.add(far);
    far.on('close', () => (sockets.delete(far), near.destroy())).on('error', () => far.destroy());
    near.on('close', () => far.destroy());
    const carry = (from: Socket, to: Socket, hit: boolean) => {
      let carried = 0;
      from.on('data', (bytes: Buffer) => {
        const before = carried;
        carried += bytes.length;
        const reached = hit && carried > limit;
        if (fate === 'broken' && reached) {
          to.write(bytes.subarray(0, Math.max(0, limit - before)));
          setTimeout(() => near.destroy(), 1);
          return;
        }
        if (fate === 'silent' && reached) return;
        if (fate === 'garbled' && reached && before <= limit)
          bytes[Math.min(bytes.length - 1, limit - before)]! ^= 0x20;
        if (fate !== 'slow') return void to.write(bytes);
        from.pause();
        setTimeout(() => {
          to.write(bytes);
          from.resume();
        }, 20);
      });
    };
    carry(near, far, upwards);
    carry(far, near, !upwards);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fates,
    /** Breaks off what stands, so that new fates are drawn. */
    breakAll,
    mend: () => {
      mended = true;
      breakAll();
    },
    close: () => {
      server.close();
      breakAll();
    },
  };
}
