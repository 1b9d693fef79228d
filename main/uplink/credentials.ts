import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { readVerifyingKey } from './key-document.ts';
import type { TlsFiles } from './transport.ts';

/** All a kiosk needs to seal to central and to talk with it. */
export interface Credentials {
  /** The common name of the kiosk's certificate. */
  readonly kioskId: string;
  readonly tls: TlsFiles;
  /** Whose signature makes a key document one. */
  readonly keyAuthority: KeyObject;
  /** The key document that the kiosk came with, as it was signed. */
  readonly keyDocument: string;
  /** The first root of those who publish watchlists (TUF specification, 4.3), as it was signed; without it none is fetched. */
  readonly listRoot?: Uint8Array;
  /** X25519 public key of the office that recovers store keys; needed where a TPM holds the store's. */
  readonly officeKey?: Uint8Array;
}

/** A public key as RFC 8037 writes it. */
const OfficeKey = z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.base64url().length(43) });

/** Reads ca.pem, kiosk.pem, kiosk.key, keys.pem (the key authority's) and keys.jws, and crl.pem, recovery.jwk and list-root.json where they are. Fault: `config.invalid`. */
export function readCredentials(directory: string): Credentials {
  try {
    const read = (name: string) => readFileSync(join(directory, name), 'utf8');
    const tls = readTls(directory);
    const keyAuthority = readVerifyingKey(read('keys.pem'));
    const office = existsSync(join(directory, 'recovery.jwk')) && OfficeKey.parse(JSON.parse(read('recovery.jwk')));
    return {
      kioskId: holderOf(tls),
      tls,
      keyAuthority,
      keyDocument: read('keys.jws').trim(),
      ...(existsSync(join(directory, 'list-root.json')) && {
        listRoot: new Uint8Array(readFileSync(join(directory, 'list-root.json'))),
      }),
      ...(office && { officeKey: new Uint8Array(Buffer.from(office.x, 'base64url')) }),
    };
  } catch (error) {
    throw Fault.from(error, 'config.invalid');
  }
}

/** Reads the files of the line alone. A certificate and a key that do not belong together are refused. Fault: `config.invalid`. */
export function readTls(directory: string): TlsFiles {
  try {
    const read = (name: string) => readFileSync(join(directory, name), 'utf8');
    const tls = { ca: read('ca.pem'), cert: read('kiosk.pem'), key: read('kiosk.key') };
    if (!new X509Certificate(tls.cert).checkPrivateKey(createPrivateKey(tls.key)))
      throw new Fault('config.invalid', 'the certificate is not that of the key');
    return existsSync(join(directory, 'crl.pem')) ? { ...tls, crl: read('crl.pem') } : tls;
  } catch (error) {
    throw Fault.from(error, 'config.invalid');
  }
}

/** Whom a kiosk's certificate names. Fault: `config.invalid`. */
export function holderOf({ cert }: Pick<TlsFiles, 'cert'>): string {
  const kioskId = /^CN=(.+)$/m.exec(new X509Certificate(cert).subject)?.[1];
  if (kioskId === undefined) throw new Fault('config.invalid', 'the certificate names no kiosk');
  return kioskId;
}
