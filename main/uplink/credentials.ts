import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import type { CentralKey } from './seal.ts';
import type { TlsFiles } from './transport.ts';

/** All a kiosk needs to seal to central and to talk with it. */
export interface Credentials {
  /** The common name of the kiosk's certificate. */
  readonly kioskId: string;
  readonly tls: TlsFiles;
  readonly centralKey: CentralKey;
  /** PEM. */
  readonly receiptKey: string;
}

/** A public key as RFC 8037 writes it. */
const PublicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  kid: z.string().min(1).max(64),
  x: z.base64url().length(43),
});

/** Reads ca.pem, kiosk.pem, kiosk.key, receipt.pem and central.jwk from a directory. Fault: `config.invalid`. */
export function readCredentials(directory: string): Credentials {
  try {
    const read = (name: string) => readFileSync(join(directory, name), 'utf8');
    const tls = { ca: read('ca.pem'), cert: read('kiosk.pem'), key: read('kiosk.key') };
    const kioskId = /^CN=(.+)$/m.exec(new X509Certificate(tls.cert).subject)?.[1];
    if (kioskId === undefined) throw new Fault('config.invalid', 'the certificate names no kiosk');
    const { kid, x } = PublicJwk.parse(JSON.parse(read('central.jwk')));
    const centralKey = { id: kid, publicKey: new Uint8Array(Buffer.from(x, 'base64url')) };
    return { kioskId, tls, centralKey, receiptKey: read('receipt.pem') };
  } catch (error) {
    throw Fault.from(error, 'config.invalid');
  }
}
