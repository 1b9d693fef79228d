import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whom a server runs as that will not run as root; nothing where the tests do not. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** An account without rights: the named one if the machine has it. */
export function accountOf(name: string): Account {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = lines.find((each) => each.startsWith(`${name}:`)) ?? lines.find((each) => each.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  return { uid: uid!, gid: gid! };
}

/** A folder that an account alone may read; its name is short, since a socket's may not be long. */
export function privateFolder({ uid, gid }: Account): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lm-'));
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
