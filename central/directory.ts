import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../main/contract/fault.ts';
import type { CentralOptions } from './central.ts';
import { readEspConfiguration } from './esp/configuration.ts';
import { readListOrders } from './list-orders.ts';
import { readServers } from './servers.ts';

/**
 * Reads what central runs on: ca.pem, central.pem, central.key, opening*.jwk (each key it can still open with), receipt.key,
 * store.key, keys.jws and keys.pem (the signed key document and its authority's key); and where there is one esp.json,
 * central.json, crl.pem, erase-lists.json, and watchlist/timestamp.key beside a published watchlist. Fault: `config.invalid`.
 */
export function readDirectory(directory: string): CentralOptions {
  const file = (name: string) => {
    const path = join(directory, name);
    if (!existsSync(path)) throw new Fault('config.invalid', `${name} is missing from ${directory}`);
    return readFileSync(path);
  };
  const text = (name: string) => file(name).toString();
  const has = (name: string) => existsSync(join(directory, name));
  const opening = readdirSync(directory).filter((name) => /^opening.*\.jwk$/.test(name));
  if (opening.length === 0) throw new Fault('config.invalid', `opening.jwk is missing from ${directory}`);
  return {
    ...(has('esp.json') && { esp: readEspConfiguration(text('esp.json')) }),
    ...(has('erase-lists.json') && { listOrders: readListOrders(text('erase-lists.json')) }),
    ...(has('central.json') && readServers(text('central.json'))),
    ...(has('crl.pem') && { crl: text('crl.pem') }),
    ...(has('keys.jws') && { published: { jws: text('keys.jws').trim(), authority: text('keys.pem') } }),
    ...(has('watchlist/timestamp.key') && {
      list: { folder: join(directory, 'watchlist'), timestampKey: text('watchlist/timestamp.key') },
    }),
    file: join(directory, 'central.db'),
    storeKey: new Uint8Array(file('store.key')),
    ca: text('ca.pem'),
    cert: text('central.pem'),
    key: text('central.key'),
    openingKeys: opening.toSorted().map((name) => JSON.parse(text(name)) as JsonWebKey & { kid: string }),
    receiptKey: text('receipt.key'),
  };
}
