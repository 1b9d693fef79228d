import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Central, openCentral } from '../../../central/central.ts';
import { readDirectory } from '../../../central/directory.ts';
import { Fault } from '../../../main/contract/fault.ts';
import { type Authority, createAuthority, type Subject } from '../pki/authority.ts';
import { Faults, type FaultSettings, type Figures } from './faults.ts';
import { Mischief } from './mischief.ts';

const dayMs = 86_400_000;

/** Central with its faults in one hand: what it does wrong can be changed while it runs. */
export interface FaultyCentral {
  readonly url: string;
  readonly port: number;
  /** The central of the moment; undefined while it is down. */
  readonly central: Central | undefined;
  readonly faults: Faults;
  readonly figures: Figures;
  /** Does this wrong from now on, and nothing else. Fault: `config.invalid` where the directory has no such certificate. */
  set(settings: FaultSettings): Promise<void>;
  close(): Promise<void>;
}

/** Opens a central of a directory of createPki on a port it keeps, with faults that were set before or none. */
export async function openFaultyCentral(
  directory: string,
  settings: FaultSettings = {},
  where: { host?: string; port?: number } = {},
): Promise<FaultyCentral> {
  const files = readDirectory(directory);
  let faults = Faults.parse(settings);
  const mischief = new Mischief(faults, createPrivateKey(files.receiptKey));
  const behaviours = new Map();
  let [central, port]: [Central | undefined, number] = [undefined, where.port ?? 0];

  const open = async () => {
    central = await openCentral({
      ...files,
      ...identity(directory, faults.certificate),
      ...where,
      port,
      behaviours,
      around: mischief.around,
      now: () => new Date(Date.now() + faults.clockSkewMs),
    });
    port = central.port;
  };
  const shut = async () => {
    await central?.close();
    central = undefined;
  };

  const set = async (next: FaultSettings) => {
    const { certificate: before } = faults;
    const parsed = Faults.parse(next);
    identity(directory, parsed.certificate);
    faults = parsed;
    mischief.set(faults);
    behaviours.clear();
    for (const [source, behaviour] of Object.entries(faults.sources)) behaviours.set(source, behaviour);
    if (central && (faults.state === 'down' || faults.certificate !== before)) await shut();
    if (!central && faults.state === 'up') await open();
  };

  await open();
  await set(settings);
  return {
    url: `https://${where.host ?? '127.0.0.1'}:${port}`,
    port,
    get central() {
      return central;
    },
    get faults() {
      return faults;
    },
    figures: mischief.figures,
    set,
    close: shut,
  };
}

/** Puts beside central's directory what it must not be believed with: certificates out of date, and one of a foreign authority. */
export async function faultCertificates(directory: string, authority: Authority): Promise<void> {
  const subject: Subject = { name: 'localhost', unit: 'central', hosts: ['localhost', '127.0.0.1'] };
  const days = (from: number, to: number) => ({
    notBefore: new Date(Date.now() + from * dayMs),
    notAfter: new Date(Date.now() + to * dayMs),
  });
  const made = {
    expired: await authority.issue({ ...subject, ...days(-2, -1) }),
    'not-yet-valid': await authority.issue({ ...subject, ...days(1, 2) }),
    foreign: await (await createAuthority()).issue(subject),
  };
  const folder = join(directory, 'faults');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, { cert, key }] of Object.entries(made)) {
    writeFileSync(join(folder, `${name}.pem`), cert, { mode: 0o600 });
    writeFileSync(join(folder, `${name}.key`), key, { mode: 0o600 });
  }
}

function identity(directory: string, certificate: Faults['certificate']): { cert?: string; key?: string } {
  if (certificate === 'valid') return {};
  const file = join(directory, 'faults', certificate);
  if (!existsSync(`${file}.pem`)) throw new Fault('config.invalid', `no ${certificate} certificate in ${directory}`);
  return { cert: readFileSync(`${file}.pem`, 'utf8'), key: readFileSync(`${file}.key`, 'utf8') };
}
