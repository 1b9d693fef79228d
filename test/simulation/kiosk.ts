import { join } from 'node:path';
import type { SealedPacket } from '../../main/contract/packet.ts';
import type { Outbox, Settlement } from '../../main/store/outbox.ts';
import { openStore, type Store } from '../../main/store/store.ts';
import { startUplink, type Uplink } from '../../main/uplink/uplink.ts';
import { abandon, question } from './handles.ts';
import type { Network } from './network.ts';
import type { Stock } from './stock.ts';
import type { Time } from './time.ts';
import { Volume } from './volume.ts';

/** What the kiosk's database says of itself. */
export interface Queue {
  /** Number by id of what is queued, ready or parked. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly parked: ReadonlySet<string>;
  readonly lastNumber: number;
  readonly delivered: number;
}

/** What the kiosk is made of. */
export interface KioskParts {
  readonly root: string;
  readonly stock: Stock;
  readonly time: Time;
  readonly network: Network;
  readonly random: () => number;
  /** Whether the kiosk is to crash in this call of the outbox. */
  readonly dies: (call: string) => boolean;
  /** It has crashed. */
  readonly crashed: () => void;
  /** Hears what is about to be deleted. */
  readonly settling: (settlement: Settlement) => void;
}

class Crash extends Error {}

interface Running {
  readonly store: Store;
  readonly uplink: Uplink;
  readonly line: ReturnType<Network['line']>;
  readonly stopped: AbortController;
}

/** The real store and uplink on a simulated disk, line and clock. */
export class SimulatedKiosk {
  readonly volume: Volume;
  /** How far the clock on the wall is off. */
  offMs = 0;
  readonly #parts: KioskParts;
  #running: Running | undefined;

  constructor(parts: KioskParts) {
    this.#parts = parts;
    this.volume = new Volume(parts.root, parts.stock.kioskDisk);
  }

  get up(): boolean {
    return this.#running !== undefined;
  }

  get #file(): string {
    return join(this.volume.directory, 'store.db');
  }

  start(): void {
    const { stock, time, network, random } = this.#parts;
    const bootedMs = time.nowMs;
    const uptime = { bootId: String(bootedMs), ms: () => time.nowMs - bootedMs };
    const store = openStore({ file: this.#file, key: stock.key, uptime, reserveBytes: 4096 });
    const [line, stopped] = [network.line(), new AbortController()];
    // It asks the outbox at once.
    const running = { store, line, stopped };
    this.#running = running as Omit<Running, 'uplink'> as Running;
    const uplink = startUplink({
      outbox: this.#watched(store.outbox),
      url: '',
      tls: { ca: '', cert: '', key: '' },
      receiptKey: stock.receiptKeys,
      kioskId: stock.kioskId,
      clock: {
        now: () => Date.UTC(2026, 10, 24) + time.nowMs + this.offMs,
        // Of a kiosk that has crashed nothing wakes up any more.
        sleep: (ms, signal) => (stopped.signal.aborted ? new Promise(() => {}) : time.sleep(ms, signal)),
      },
      random,
      transport: line,
    });
    if (this.#running) this.#running = { ...running, uplink };
    else void uplink.stop();
    this.volume.settle();
  }

  /** Stores packets; tells whether it lived to promise them. */
  conclude(crossingId: string | null, packets: readonly SealedPacket[]): boolean {
    const { store, uplink } = this.#running!;
    try {
      this.#within('conclude', () => {
        if (crossingId === null) store.enqueue(packets);
        else store.conclude({ crossingId, outcome: 'clear' }, packets);
      });
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return false;
    }
    uplink.nudge();
    return true;
  }

  unpark(): void {
    this.#running!.store.outbox.unpark();
    this.#running!.uplink.nudge();
    this.volume.settle();
  }

  /** Ends as it should. */
  async stop(): Promise<void> {
    const { store, uplink } = this.#running!;
    await uplink.stop();
    store.close();
    this.#running = undefined;
    this.volume.settle();
  }

  /** Ends anywhere in what was done since the disk was last settled. */
  crash(): void {
    const { line, stopped, uplink } = this.#running as Partial<Running> & Pick<Running, 'line' | 'stopped'>;
    line.cut();
    stopped.abort();
    // It waits for an answer that will not come; what it was about to do is not done any more.
    void uplink?.stop();
    this.#running = undefined;
    const file = this.#file;
    this.volume.crash(this.#parts.random);
    abandon(file);
    this.volume.settle();
    this.#parts.crashed();
  }

  queue(): Queue {
    const rows = question(this.#file, 'SELECT id, sequence, fault FROM outbox').all() as [
      string,
      number,
      string | null,
    ][];
    const ledger = question(this.#file, 'SELECT last_sequence, delivered FROM ledger').get();
    const [lastNumber, delivered] = ledger as [number, number];
    return {
      numbers: new Map(rows.map(([id, number]) => [id, number])),
      parked: new Set(rows.filter(([, , fault]) => fault !== null).map(([id]) => id)),
      lastNumber,
      delivered,
    };
  }

  remove(): void {
    this.#running?.stopped.abort();
    this.#running?.line.cut();
    void this.#running?.uplink.stop();
    abandon(this.#file);
    this.volume.remove();
  }

  /** Runs a call on the store; where the schedule says so the kiosk crashes in the middle of it. */
  #within<T>(call: string, work: () => T): T {
    this.volume.settle();
    const result = work();
    if (this.#parts.dies(call)) {
      this.crash();
      throw new Crash(call);
    }
    this.volume.settle();
    return result;
  }

  /** The outbox as the uplink has it, with a schedule's crashes in what it changes. */
  #watched(outbox: Outbox): Outbox {
    const calls = new Set(['next', 'settle', 'purge', 'park']);
    return new Proxy(outbox, {
      get: (target, name: string) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const bound = value.bind(target) as (...args: unknown[]) => unknown;
        if (!calls.has(name)) return bound;
        return (...args: unknown[]) => {
          if (this.#running?.store.outbox !== outbox) throw new Crash(name);
          if (name === 'settle') this.#parts.settling(args[0] as Settlement);
          return this.#within(name, () => bound(...args));
        };
      },
    });
  }
}
