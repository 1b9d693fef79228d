import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { type Authority, createAuthority } from './authority.ts';

/** Where each party's files lie. Each directory holds what that party may know and nothing else. */
export interface Pki {
  readonly authority: Authority;
  /** For central/main.ts --dir. */
  readonly central: string;
  readonly operator: string;
  /** For readCredentials, by kiosk id. */
  readonly kiosks: Readonly<Record<string, string>>;
}

/** Makes short-lived development certificates and keys for a central, an operator and some kiosks. Files are their owner's only. */
export async function createPki(directory: string, { kiosks }: { kiosks: readonly string[] }): Promise<Pki> {
  const authority = await createAuthority();
  const opening = generateKeyPairSync('x25519');
  const receipt = generateKeyPairSync('ed25519');
  const kid = await calculateJwkThumbprint(opening.publicKey.export({ format: 'jwk' }));
  const jwk = (key: typeof opening.publicKey) => JSON.stringify({ ...key.export({ format: 'jwk' }), kid });

  const party = async (path: string, name: string, unit: string, more: Record<string, string | Uint8Array>) => {
    const folder = join(directory, path);
    const identity = await authority.issue({
      name,
      unit,
      ...(unit === 'central' ? { hosts: ['localhost', '127.0.0.1'] } : {}),
    });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = { 'ca.pem': authority.ca, [`${unit}.pem`]: identity.cert, [`${unit}.key`]: identity.key, ...more };
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content, { mode: 0o600 });
    return folder;
  };

  const central = await party('central', 'localhost', 'central', {
    'opening.jwk': jwk(opening.privateKey),
    'receipt.key': receipt.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'store.key': randomBytes(32),
  });
  const operator = await party('operator', 'operator', 'operator', {});
  const folders: Record<string, string> = {};
  for (const id of kiosks) {
    folders[id] = await party(join('kiosks', id), id, 'kiosk', {
      'central.jwk': jwk(opening.publicKey),
      'receipt.pem': receipt.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    });
  }
  return { authority, central, operator, kiosks: folders };
}
