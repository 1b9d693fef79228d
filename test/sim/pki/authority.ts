// Must run before the library below is loaded.
// oxlint-disable-next-line import/no-unassigned-import
import './reflect.ts';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** A certificate and its key, PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Whom a certificate is for, and when it holds. */
export interface Subject {
  readonly name: string;
  readonly unit: string;
  /** Host names and addresses; a certificate with none is a client's. */
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** Issues certificates under a root of its own. */
export interface Authority {
  readonly ca: string;
  issue(subject: Subject): Promise<Identity>;
}

/** Makes a certificate authority for development: P-256, good for 30 days. */
export async function createAuthority(name = 'Limen development authority'): Promise<Authority> {
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...terms({}),
    name: `CN=${name}`,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    ca: root.toString('pem'),
    async issue(subject) {
      const own = await newKeys();
      const cert = await x509.X509CertificateGenerator.create({
        ...terms(subject),
        subject: nameOf(subject),
        issuer: root.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: extensions(subject.hosts),
      });
      return { cert: cert.toString('pem'), key: await pem(own.privateKey) };
    },
  };
}

/** A certificate that only vouches for itself. */
export async function selfSigned(subject: Subject): Promise<Identity> {
  const keys = await newKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...terms(subject),
    name: nameOf(subject),
    keys,
    extensions: extensions(subject.hosts),
  });
  return { cert: cert.toString('pem'), key: await pem(keys.privateKey) };
}

function terms({ notBefore, notAfter }: Partial<Subject>) {
  return {
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    notBefore: notBefore ?? new Date(Date.now() - 60_000),
    notAfter: notAfter ?? new Date(Date.now() + 30 * dayMs),
    signingAlgorithm: algorithm,
  };
}

const nameOf = ({ name, unit }: Subject) => `CN=${name}, OU=${unit}`;

function extensions(hosts: readonly string[] | undefined): x509.Extension[] {
  const use = hosts ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const names = (hosts ?? []).map((value) => ({
    type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const),
    value,
  }));
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([use]),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function pem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
