import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority, type Identity } from './authority.ts';
import { type CentralPair, createKeyAuthority, type KeyAuthority, newPair } from './key-authority.ts';

/** Where each party's files lie. Each directory holds what that party may know and nothing else. */
export interface Pki {
  readonly authority: Authority;
  readonly keyAuthority: KeyAuthority;
  /** What the first key document names. */
  readonly opening: CentralPair;
  readonly receipt: CentralPair;
  /** For central/main.ts --dir. */
  readonly central: string;
  readonly operator: string;
  /** For readCredentials, by kiosk id. */
  readonly kiosks: Readonly<Record<string, string>>;
}

/** Makes short-lived development certificates and keys for a central, an operator and some kiosks. Files are their owner's only. */
export async function createPki(directory: string, { kiosks }: { kiosks: readonly string[] }): Promise<Pki> {
  const authority = await createAuthority();
  const keyAuthority = createKeyAuthority();
  const [opening, receipt] = [await newPair('x25519'), await newPair('ed25519')];
  const keys = {
    'keys.pem': keyAuthority.publicKey,
    'keys.jws': await keyAuthority.sign({ sealing: [opening.published], receipts: [receipt.published] }),
  };

  const party = async (path: string, name: string, unit: string, more: Record<string, string | Uint8Array>) => {
    const folder = join(directory, path);
    const identity = await authority.issue({
      name,
      unit,
      ...(unit === 'central' ? { hosts: ['localhost', '127.0.0.1'] } : {}),
    });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeIdentity(folder, unit, identity);
    for (const [file, content] of Object.entries({ 'ca.pem': authority.ca, ...more }))
      writeFileSync(join(folder, file), content, { mode: 0o600 });
    return folder;
  };

  const central = await party('central', 'localhost', 'central', {
    ...keys,
    'opening.jwk': JSON.stringify(opening.jwk),
    'receipt.key': receipt.pem,
    'store.key': randomBytes(32),
  });
  const operator = await party('operator', 'operator', 'operator', {});
  const folders: Record<string, string> = {};
  for (const id of kiosks) folders[id] = await party(join('kiosks', id), id, 'kiosk', keys);
  return { authority, keyAuthority, opening, receipt, central, operator, kiosks: folders };
}

/** Puts a certificate and its key into a party's folder, in place of those that are there. */
export function writeIdentity(folder: string, unit: string, { cert, key }: Identity): void {
  writeFileSync(join(folder, `${unit}.pem`), cert, { mode: 0o600 });
  writeFileSync(join(folder, `${unit}.key`), key, { mode: 0o600 });
}
