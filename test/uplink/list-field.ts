import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListShelf } from '../../central/watchlist/list-shelf.ts';
import { Fault } from '../../main/contract/fault.ts';
import type { Alert, ListOperation } from '../../main/contract/watchlist.ts';
import type { Store } from '../../main/store/store.ts';
import { ListDownload } from '../../main/uplink/list-download.ts';
import type { ListLine } from '../../main/uplink/list-line.ts';
import { visitList } from '../../main/uplink/list-visit.ts';
import { Publisher } from '../sim/list/publisher.ts';
import { alert } from '../store/alerts.ts';
import { type Disk, newDisk } from '../store/disk.ts';

const hourMs = 3_600_000;

/** A publisher, a kiosk, and a line between them on which files can be replaced. Gone with `dispose`. */
export class ListField implements Disposable {
  readonly disk: Disk = newDisk();
  readonly publisher: Publisher;
  /** What is answered instead of the file of that name; `undefined` for none at all. */
  readonly instead = new Map<string, Uint8Array | undefined>();
  /** Names in the order they were asked for. */
  readonly asked: string[] = [];
  /** How many bytes of a file come before the line breaks, once each. */
  breaks: number[] = [];
  download!: ListDownload;
  readonly refused = new Set<string>();
  nowMs = Date.parse('2026-11-25T08:00:00.000Z');
  store: Store;
  #root: Uint8Array;

  static async make(): Promise<ListField> {
    const field = new ListField();
    field.download = await ListDownload.open(join(field.disk.directory, 'download'));
    return field;
  }

  private constructor() {
    this.publisher = new Publisher(mkdtempSync(join(tmpdir(), 'limen-list-')), () => this.nowMs);
    this.#root = this.publisher.firstRoot;
    this.store = this.disk.open();
  }

  /** The kiosk is given another root. */
  provision(root: Uint8Array): void {
    this.#root = root;
  }

  /** The kiosk is stopped and started. */
  restart(): void {
    this.store.close();
    this.store = this.disk.open();
  }

  /** The kiosk looks at central. Rejects with a fault. */
  visit(signal = new AbortController().signal): Promise<boolean> {
    return visitList({
      line: this.line(),
      provisioned: this.#root,
      metadata: this.store.listMetadata,
      watchlist: this.store.watchlist,
      download: this.download,
      refused: this.refused,
      maxAgeMs: 48 * hourMs,
      nowMs: this.nowMs,
      signal,
    });
  }

  /** What the visit was refused for; fails when it was not. */
  async refusal(): Promise<string> {
    try {
      await this.visit();
    } catch (error) {
      if (error instanceof Fault && error.code.startsWith('watchlist.')) return error.message;
      throw error;
    }
    throw new Error('nothing was refused');
  }

  /** The version held, and references. */
  held(): [version: number, ...references: string[]] {
    const references = [...this.store.watchlist.alerts()].map(({ reference }) => reference);
    return [this.store.watchlist.current()?.version ?? 0, ...references];
  }

  /** A file of the published list as it is now. */
  file(name: string): Uint8Array {
    return readFileSync(this.publisher.folder.file(name));
  }

  line(): ListLine {
    const shelf = new ListShelf(this.publisher.folder, this.publisher.keys.timestamp, () => this.nowMs);
    const bytesOf = async (response: Response) =>
      response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
    return {
      file: async (name, mostBytes) => {
        this.asked.push(name);
        const whole = this.instead.has(name) ? this.instead.get(name) : await bytesOf(await shelf.metadata(name));
        if (whole && whole.length > mostBytes) throw new Fault('watchlist.refused', `${name} has no end`);
        return whole;
      },
      from: async (name, offset) => {
        this.asked.push(`${name} ${offset}`);
        const short = name.replace(/^targets\/[0-9a-f]{64}\./, '');
        const rest = this.instead.has(short)
          ? this.instead.get(short)?.subarray(offset)
          : await bytesOf(await shelf.target(name.replace('targets/', ''), `bytes=${offset}-`));
        if (!rest) throw new Fault('watchlist.refused', 'central has no such file');
        const broken = this.breaks.shift();
        return (async function* () {
          for (let at = 0; at < rest.length; at += 1000) {
            if (broken !== undefined && at >= broken) throw new Fault('uplink.offline', 'it broke');
            yield rest.subarray(at, at + 1000);
          }
        })();
      },
      close: async () => {},
    };
  }

  [Symbol.dispose](): void {
    this.store.close();
    this.disk[Symbol.dispose]();
  }
}

/** Operations that put alerts, by their numbers. */
export const putting = (...numbers: number[]): ListOperation[] => numbers.map((number) => ({ put: alert(number) }));

/** The same with half a kilobyte each that does not get smaller by packing, as templates do not. */
export const puttingTemplates = (...numbers: number[]): ListOperation[] =>
  numbers.map((number) => {
    const template = createHash('shake256', { outputLength: 500 }).update(String(number)).digest();
    const finger = { position: 'unknown' as const, model: 'model', version: '1', template: new Uint8Array(template) };
    return { put: { ...alert(number), fingers: [finger] } };
  });

/** Numbers from one on. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** An alert as it is, with another name. */
export const renamed = (number: number): Alert => alert(number, 'RENAMED');
