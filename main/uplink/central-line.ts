import { X509Certificate } from 'node:crypto';
import type { FaultCode } from '../contract/fault.ts';
import type { KeyDocumentTable } from '../store/key-document.ts';
import type { Credentials } from './credentials.ts';
import type { KeyChange } from './key-events.ts';
import { type KeyRing, type KeyRingView, openKeyRing } from './key-ring.ts';
import { startKeyUpdates } from './key-updates.ts';
import { watchTls } from './tls-watch.ts';
import { http2Transport, type Line, type TlsFiles, type Trust } from './transport.ts';

/** What the line to central is opened with. */
export interface CentralLineOptions {
  readonly url: string;
  /** The folder that the credentials were read from: certificates are renewed there. */
  readonly directory: string;
  readonly credentials: Credentials;
  readonly kept: KeyDocumentTable;
  /** See KeyRingOptions. */
  readonly maxAgeMs: number;
  readonly now: () => number;
  readonly onChange?: () => void;
  /** Hears which keys and certificates are others than before. */
  readonly onKeys?: (changes: readonly KeyChange[]) => void;
  /** How often the folder is looked at. */
  readonly renewalMs?: number;
}

/** How those who vouch for the kiosk and for central stand. */
export interface Standing {
  readonly keys: KeyRingView;
  /** The term of the kiosk's certificate, in milliseconds since 1970. */
  readonly certificateFromMs: number;
  readonly certificateUntilMs: number;
  /** What lies in the folder is not a certificate of this kiosk with its key; the one before is used. */
  readonly certificateUnusable: boolean;
  /** Why central's last key document was not taken up, or empty. */
  readonly fault: FaultCode | '';
}

/** The line to central with the keys that go with it: all of it follows what changes, without a restart. */
export interface CentralLine {
  readonly ring: KeyRing;
  readonly line: Line;
  standing(): Standing;
  /** For lines beside this one: the certificate and key that are used now, and who is revoked. */
  readonly trust: Trust;
  /** Asks for central's keys now: a receipt was not believed, perhaps because its key is news. */
  askForKeys(): void;
  /** Ends the questions for keys; the line is closed by whoever ships on it. */
  stop(): Promise<void>;
}

/** Opens the line, keeps central's keys and the kiosk's certificate up to date. Faults: `config.invalid`, `keys.refused`, those of the store. */
export async function openCentralLine(options: CentralLineOptions): Promise<CentralLine> {
  const {
    url,
    directory,
    credentials,
    kept,
    maxAgeMs,
    now,
    onChange = () => {},
    onKeys = () => {},
    renewalMs,
  } = options;
  const { keyAuthority: authority, keyDocument: provisioned, tls } = credentials;
  const ring = await openKeyRing({ authority, provisioned, kept, now, maxAgeMs, onChanged: onKeys });
  const revoked = (serialNumber: string) => ring.revoked(serialNumber);
  const line = http2Transport(url, tls, revoked);
  const renewed = (files: TlsFiles) => {
    line.renew(files);
    onKeys([{ use: 'certificate', keyId: new X509Certificate(files.cert).serialNumber }]);
    onChange();
  };
  const watch = watchTls(directory, tls, renewed, renewalMs);
  const updates = startKeyUpdates({ ring, line, onChange });
  return {
    ring,
    line,
    trust: { tls: () => watch.tls, revoked },
    standing() {
      const { validFromDate, validToDate } = new X509Certificate(watch.tls.cert);
      return {
        keys: ring.view(),
        certificateFromMs: validFromDate.getTime(),
        certificateUntilMs: validToDate.getTime(),
        certificateUnusable: watch.fault !== '',
        fault: updates.lastFault(),
      };
    },
    askForKeys: () => updates.ask(),
    async stop() {
      watch.stop();
      await updates.stop();
    },
  };
}
