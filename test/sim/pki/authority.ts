// Must run before the library below is loaded.
// oxlint-disable-next-line import/no-unassigned-import
import './reflect.ts';
import { randomBytes, X509Certificate } from 'node:crypto';
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
  /** One whose time was over an hour ago. */
  expired(subject: Subject): Promise<Identity>;
  /** One whose time comes in an hour. */
  notYetValid(subject: Subject): Promise<Identity>;
  /** One of the same name from an authority that nobody knows, which bears the same name as well. */
  foreign(subject: Subject): Promise<Identity>;
  /** A revocation list (RFC 5280) of these certificates, good for 30 days or as is said. */
  crl(revoked: readonly Identity[], nextUpdate?: Date): Promise<string>;
}

/** The serial number of a certificate, as key documents name it. */
export const serialOf = ({ cert }: Identity): string => new X509Certificate(cert).serialNumber;

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
  const issue = async (subject: Subject): Promise<Identity> => {
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
  };
  const hourMs = 3_600_000;
  const inHours = (hours: number) => new Date(Date.now() + hours * hourMs);
  return {
    ca: root.toString('pem'),
    issue,
    expired(subject) {
      return issue({ ...subject, notBefore: inHours(-48), notAfter: inHours(-1) });
    },
    notYetValid(subject) {
      return issue({ ...subject, notBefore: inHours(1), notAfter: inHours(48) });
    },
    async foreign(subject) {
      return (await createAuthority(name)).issue(subject);
    },
    async crl(revoked, nextUpdate = inHours(30 * 24)) {
      const list = await x509.X509CrlGenerator.create({
        issuer: root.subject,
        thisUpdate: inHours(-50),
        nextUpdate,
        entries: revoked.map((identity) => ({ serialNumber: serialOf(identity), revocationDate: inHours(-1) })),
        signingAlgorithm: algorithm,
        signingKey: keys.privateKey,
      });
      // The library's own heading is one that OpenSSL does not know.
      return x509.PemConverter.encode(list.rawData, 'X509 CRL');
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
