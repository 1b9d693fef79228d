import { Fault } from '../contract/fault.ts';
import { holderOf, readTls } from './credentials.ts';
import type { TlsFiles } from './transport.ts';

const tenSecondsMs = 10_000;

/** The files of the line as they are now, and whether others lie there that cannot be used. */
export interface TlsWatch {
  readonly tls: TlsFiles;
  /** `config.invalid` while what lies there is not a certificate of this kiosk with its key. */
  readonly fault: 'config.invalid' | '';
  stop(): void;
}

/**
 * Looks at the folder of a kiosk's certificate every ten seconds, and tells of other files once they belong together: one half
 * of a renewal is not taken up. Certificates that name another kiosk are not either.
 */
export function watchTls(
  directory: string,
  tls: TlsFiles,
  renewed: (tls: TlsFiles) => void,
  everyMs = tenSecondsMs,
): TlsWatch {
  const kioskId = holderOf(tls);
  const watch: { tls: TlsFiles; fault: TlsWatch['fault']; stop: () => void } = {
    tls,
    fault: '',
    stop: () => clearInterval(timer),
  };
  const look = () => {
    try {
      const found = readTls(directory);
      if (holderOf(found) !== kioskId) throw new Fault('config.invalid', 'the certificate of another kiosk');
      watch.fault = '';
      if (JSON.stringify(found) === JSON.stringify(watch.tls)) return;
      watch.tls = found;
      renewed(found);
    } catch {
      watch.fault = 'config.invalid';
    }
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return watch;
}
