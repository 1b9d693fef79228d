import type { GateView, SearchStatus } from '../contract/guard.ts';
import type { ListView } from '../contract/list-view.ts';
import type { DeviceView, Diagnostics, TrustView } from '../contract/technician.ts';
import type { CentralSystems } from '../crossing/central-systems.ts';
import type { Devices } from '../devices/registry.ts';
import { parkedPackets } from '../diagnostics/parked.ts';
import type { Store } from '../store/store.ts';
import type { Uplink } from '../uplink/uplink.ts';

/** What the windows of guard and technician are drawn from. */
export interface ViewsOptions {
  readonly store: Pick<Store, 'outbox' | 'admission'>;
  readonly devices: Pick<Devices, 'sight' | 'door'>;
  readonly uplink: Pick<Uplink, 'status' | 'lastFault'>;
  readonly stage: () => string;
  /** Absent where no central system is asked. */
  readonly systems: Pick<CentralSystems, 'status'> | undefined;
  readonly deviceViews: () => DeviceView[];
  readonly list: () => ListView;
  readonly trust: () => TrustView;
  readonly versions: () => Record<string, string>;
  readonly measures: () => Diagnostics['measures'];
}

/** How the kiosk stands, for each window that is told. */
export interface Views {
  readonly gate: GateView;
  readonly search: SearchStatus;
  readonly diagnostics: Diagnostics;
}

/** Makes what draws the views; the store is asked once for all of them. */
export function drawViews(options: ViewsOptions, openedAt: string): () => Views {
  const { store, devices, uplink, systems } = options;
  return () => {
    const [stats, admission, list] = [store.outbox.stats(), store.admission(), options.list()];
    const asked = systems?.status() ?? { rung: 'local' as const, since: openedAt };
    return {
      gate: {
        door: devices.sight()?.mode === 'released' ? 'released' : devices.door(),
        stage: options.stage(),
        uplink: uplink.status(),
        queued: stats.ready,
        list: list.standing,
      },
      search: {
        configured: systems !== undefined,
        ...asked,
        ...(admission !== 'open' && { rung: 'manual' as const }),
      },
      diagnostics: {
        devices: options.deviceViews(),
        queue: {
          ...stats,
          uplink: uplink.status(),
          lastFault: uplink.lastFault(),
          admission,
          parkedPackets: parkedPackets(store.outbox),
        },
        list,
        trust: options.trust(),
        versions: options.versions(),
        measures: options.measures(),
      },
    };
  };
}
