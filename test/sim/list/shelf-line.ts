import type { ListShelf } from '../../../central/watchlist/list-shelf.ts';
import { Fault } from '../../../main/contract/fault.ts';
import type { ListLine } from '../../../main/uplink/list-line.ts';

/** A line to a list that is in the same process: what the shelf of central gives, without the network between. */
export function shelfLine(shelf: ListShelf): ListLine {
  return {
    async file(name, mostBytes) {
      const response = await shelf.metadata(name);
      if (!response.ok) return undefined;
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > mostBytes) throw new Fault('watchlist.refused', `${name} has no end`);
      return bytes;
    },
    async from(name, offset) {
      const response = await shelf.target(name.replace('targets/', ''), `bytes=${offset}-`);
      if (!response.ok) throw new Fault('watchlist.refused', 'central has no such file');
      return response.body as AsyncIterable<Uint8Array>;
    },
    close: async () => {},
  };
}
