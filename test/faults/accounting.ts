import { openCentralDatabase } from '../../central/database.ts';
import { readDirectory } from '../../central/directory.ts';

/** What came of all that was promised. */
export interface Account {
  readonly promised: number;
  readonly lost: number;
  /** Records that are at central more than once. */
  readonly doubled: number;
  /** Records that came before one that was promised before them in the same lane. */
  readonly disordered: number;
}

/** Keeps, outside of kiosk and central, what a kiosk has promised, in order. */
export class Accounting {
  readonly #promised = new Map<string, string>();

  /** Hears a line of the kiosk. */
  readonly hear = (line: string): void => {
    const [what, id = '', lane = ''] = line.split(' ');
    if (what === 'promised') this.#promised.set(id, lane);
  };

  get promised(): number {
    return this.#promised.size;
  }

  /** Holds it against what central has; central must not be running. */
  async settle(centralDirectory: string): Promise<Account> {
    const { file, storeKey, database: server } = readDirectory(centralDirectory);
    const database = await openCentralDatabase(file, storeKey, server);
    const rows = await database.all<{ id: string }>('SELECT id FROM packet ORDER BY position');
    await database.close();
    return this.compare(rows.map(({ id }) => id));
  }

  /** The same for ids in the order they came. */
  compare(arrived: readonly string[]): Account {
    const places = new Map(arrived.map((id, place) => [id, place]));
    const last = new Map<string, number>();
    let [lost, disordered] = [0, 0];
    for (const [id, lane] of this.#promised) {
      const place = places.get(id);
      if (place === undefined) {
        lost++;
        continue;
      }
      if (place < (last.get(lane) ?? -1)) disordered++;
      last.set(lane, place);
    }
    return { promised: this.promised, lost, doubled: arrived.length - places.size, disordered };
  }
}
