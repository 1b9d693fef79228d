import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../main/contract/fault.ts';
import type { CentralOptions } from './central.ts';
import { readEspConfiguration } from './esp/configuration.ts';

/** Reads what central runs on: ca.pem, central.pem, central.key, opening.jwk, receipt.key, store.key, and esp.json where there is one. Fault: `config.invalid`. */
export function readDirectory(directory: string): CentralOptions {
  const file = (name: string) => {
    const path = join(directory, name);
    if (!existsSync(path)) throw new Fault('config.invalid', `${name} is missing from ${directory}`);
    return readFileSync(path);
  };
  const esp = join(directory, 'esp.json');
  return {
    ...(existsSync(esp) && { esp: readEspConfiguration(readFileSync(esp, 'utf8')) }),
    file: join(directory, 'central.db'),
    storeKey: new Uint8Array(file('store.key')),
    ca: file('ca.pem').toString(),
    cert: file('central.pem').toString(),
    key: file('central.key').toString(),
    openingKeys: [JSON.parse(file('opening.jwk').toString()) as JsonWebKey & { kid: string }],
    receiptKey: file('receipt.key').toString(),
  };
}
