import { Fault } from '../contract/fault.ts';
import { newIdentifier } from '../contract/identifier.ts';
import type { SealedPacket } from '../contract/packet.ts';
import type { AuditRecord, LimenRecord } from '../contract/record.ts';
import type { Store } from '../store/store.ts';

export interface LogKeeperOptions {
  readonly store: Store;
  readonly kioskId: string;
  /** How often the log is signed when there is something new in it. */
  readonly checkpointMs: number;
  /** How long a line stays here after central has it. */
  readonly keepMs: number;
  seal(record: LimenRecord): Promise<SealedPacket>;
  /** Runs of the log were put into the outbox. */
  onShipped(): void;
  /** Milliseconds since 1970, and milliseconds that no clock set by hand changes. */
  readonly clock: { now(): number; monotonicMs(): number };
}

/** Looks after the log: signs it, ships what is signed, and takes away what central has had long enough. */
export interface LogKeeper {
  /** To be called about once a second. What fails is tried again at the next; its fault is given. */
  beat(): Promise<Fault | undefined>;
}

/** A wall clock that went on by so much more or less than it should between two beats was set. */
const jumpMs = 2000;
const eraseEveryMs = 3_600_000;

/** Makes the keeper of a store's log. */
export function openLogKeeper({
  store,
  kioskId,
  checkpointMs,
  keepMs,
  seal,
  onShipped,
  clock,
}: LogKeeperOptions): LogKeeper {
  let signedAtMs = clock.monotonicMs();
  let erasedAtMs = -Infinity;
  let offsetMs = clock.now() - clock.monotonicMs();
  let busy = false;

  const watchClock = () => {
    const nowMs = clock.now() - clock.monotonicMs();
    const byMs = Math.round(nowMs - offsetMs);
    offsetMs = nowMs;
    if (Math.abs(byMs) >= jumpMs) store.note({ event: 'clock-jumped', byMs });
  };

  const ship = async () => {
    for (let run = store.audit.nextRun(); run; run = store.audit.nextRun()) {
      const nowMs = clock.now();
      const { key, lines, checkpoint, through } = run;
      const record: AuditRecord = {
        format: 'limen-record',
        version: 1,
        id: newIdentifier(nowMs),
        kioskId,
        occurredAt: new Date(nowMs).toISOString(),
        kind: 'audit',
        key,
        first: through - lines.length,
        lines: [...lines],
        checkpoint,
      };
      store.handOver(run, await seal(record));
      onShipped();
    }
  };

  return {
    async beat() {
      if (busy) return undefined;
      busy = true;
      try {
        watchClock();
        const nowMs = clock.monotonicMs();
        if (nowMs - signedAtMs >= checkpointMs) {
          store.audit.checkpoint();
          signedAtMs = nowMs;
        }
        await ship();
        if (nowMs - erasedAtMs >= eraseEveryMs) {
          if (store.audit.erase(clock.now() - keepMs) > 0) store.outbox.purge();
          erasedAtMs = nowMs;
        }
        return undefined;
      } catch (error) {
        return Fault.from(error, 'store.failed');
      } finally {
        busy = false;
      }
    },
  };
}
