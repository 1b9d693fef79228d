import { Fault } from '../contract/fault.ts';
import type { guard } from '../contract/guard.ts';
import { newIdentifier } from '../contract/identifier.ts';
import type { Handlers } from '../contract/wire.ts';
import type { Alarms } from '../crossing/alarms.ts';
import type { Cases } from '../crossing/cases.ts';
import { letThrough } from '../crossing/gate-station.ts';
import { handRecords } from '../crossing/hand-records.ts';
import type { Inquiries } from '../crossing/inquiries.ts';
import { guardRecord, type RecordOrigin } from '../crossing/records.ts';
import type { Devices } from '../devices/registry.ts';
import type { RecordKeeper } from '../keeping/record-keeper.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** What the guard's calls act on. */
export interface GuardCallsOptions {
  readonly guardId: string;
  readonly origin: () => RecordOrigin;
  readonly records: Pick<RecordKeeper, 'conclude'>;
  readonly cases: Pick<Cases, 'settle'>;
  readonly inquiries: Pick<Inquiries, 'over' | 'dismiss'> | undefined;
  readonly devices: Devices;
  readonly passageMs: number;
  readonly alarms: Pick<Alarms, 'passed'>;
  readonly store: Pick<Store, 'admits'>;
  readonly log: Log;
}

/** What the guard may ask for. */
export function guardCalls(options: GuardCallsOptions): Handlers<typeof guard> {
  const { guardId, origin, records, cases, inquiries, devices, alarms, store, log } = options;
  return {
    async decide({ crossingId, outcome, reason }) {
      const record = guardRecord(origin(), crossingId, { guardId, outcome, reason });
      await cases.settle(crossingId, () => records.conclude(crossingId, outcome, [record]));
      inquiries?.over(crossingId);
      if (outcome !== 'admit') return;
      letThrough(devices, options.passageMs).then(
        (how) => alarms.passed(crossingId, how),
        (error: unknown) => log('device failed', { role: 'gate', fault: Fault.from(error).code }),
      );
    },
    dismiss: ({ id }) => inquiries?.dismiss(id),
    async enter(entry) {
      const { nowMs } = origin();
      if (Date.parse(entry.at) > nowMs) throw new Fault('contract.breach', 'it has not happened yet');
      if (!store.admits()) throw new Fault('store.full', 'nothing can be stored yet');
      const crossingId = newIdentifier(nowMs);
      await records.conclude(crossingId, entry.outcome, handRecords(origin(), crossingId, guardId, entry));
    },
  };
}
