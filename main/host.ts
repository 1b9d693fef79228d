import * as z from 'zod';
import { Audience, type KioskConfig } from './config/config.ts';
import { Fault } from './contract/fault.ts';
import type { Wire } from './contract/wire.ts';
import { type Kiosk, type KioskLinks, openKiosk } from './kiosk.ts';
import { openLog } from './log.ts';
import { keepMemoryOutOfDumps } from './memory.ts';
import { whenUnsynced } from './store/unsynced.ts';

/** A port as Electron's utility process gives it. */
export interface Port {
  on(event: 'message', hear: (message: { data: unknown }) => void): unknown;
  once(event: 'close', hear: () => void): unknown;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** The way to the shell that forked this process. */
interface ParentPort {
  on(event: 'message', hear: (message: { data: unknown; ports: readonly Port[] }) => void): unknown;
  postMessage(message: unknown): void;
}

const Connect = z.strictObject({ connect: Audience });

/** How often the core tells the shell that it is well. */
const beatMs = 1000;

/** Runs the kiosk in the core process and serves every port that the shell hands over. Resolves when it is ready. */
export async function hostKiosk(config: KioskConfig, links: KioskLinks): Promise<Kiosk> {
  keepMemoryOutOfDumps();
  const log = openLog();
  const parent = (process as { parentPort?: ParentPort }).parentPort;
  // The shell starts another, which reads back what the disk has. A gate that hears nothing closes by itself.
  whenUnsynced(() => {
    log('store unsynced');
    process.exit(1);
  });
  const beat = setInterval(() => parent?.postMessage('alive'), beatMs);
  try {
    const kiosk = await openKiosk({ config, links, log });
    parent?.on('message', ({ data, ports }) => {
      const parsed = Connect.safeParse(data);
      const [port] = ports;
      if (parsed.success && port) kiosk.attach(parsed.data.connect, portWire(port));
      else port?.close();
    });
    parent?.postMessage('ready');
    log('ready');
    return kiosk;
  } catch (error) {
    clearInterval(beat);
    log('core failed', { fault: Fault.from(error).code });
    throw error;
  }
}

/** The wire over a port of Electron. */
export function portWire(port: Port): Wire {
  const hearers = new Set<(message: unknown) => void>();
  port.on('message', ({ data }) => {
    for (const hear of hearers) hear(data);
  });
  port.start();
  return {
    post: (message) => port.postMessage(message),
    listen(receive) {
      hearers.add(receive);
      return () => void hearers.delete(receive);
    },
    onClose: (closed) => void port.once('close', closed),
  };
}
