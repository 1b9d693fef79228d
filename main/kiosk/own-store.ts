import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { canonical } from '../audit/line.ts';
import type { KioskConfig } from '../config/config.ts';
import { programVersion } from '../root.ts';
import { type KeptStore, openKeptStore } from '../store/open-kept-store.ts';
import type { Credentials } from '../uplink/credentials.ts';

/** Opens the store of a kiosk as it is configured, and logs by what configuration. Faults of openKeptStore. */
export async function openOwnStore(config: KioskConfig, { kioskId, officeKey }: Credentials): Promise<KeptStore> {
  const { stateDir, tpm, outbox, watchlist } = config;
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const kept = await openKeptStore({
    directory: stateDir,
    now: Date.now,
    kioskId,
    program: programVersion,
    limits: { maxBytes: outbox.maxMegabytes * 1024 ** 2, maxAgeMs: outbox.maxAgeDays * 86_400_000 },
    watchlist: { maximumAgeMs: watchlist.maxAgeHours * 3_600_000, afterPowerLoss: watchlist.afterPowerLoss },
    ...(tpm && { tpm }),
    ...(officeKey && { officeKey }),
  });
  kept.store.note({ event: 'configuration-read', sha256: hash('sha256', canonical(config)) });
  return kept;
}
