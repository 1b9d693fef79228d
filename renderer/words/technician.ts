import type { ListCopy, ListStanding } from '../../main/contract/list-view.ts';
import type { FaultCode } from '../../main/contract/fault.ts';
import type { DeviceHealth, DeviceView, ParkedPacket, QueueView, TrustView } from '../../main/contract/technician.ts';

/** All that the technician's window says. Braces mark what is filled in. */
export interface TechnicianWords {
  readonly title: string;
  readonly devices: {
    readonly title: string;
    readonly none: string;
    readonly model: string;
    readonly serial: string;
    readonly firmware: string;
    readonly counters: string;
    /** `{wanted}` and `{found}`. */
    readonly mismatch: string;
    /** By the names of the roles in the kiosk; a role not listed is shown as named. */
    readonly roles: Readonly<Record<string, string>>;
    readonly states: Readonly<Record<DeviceView['state'], string>>;
    /** `{age}`. */
    readonly since: string;
    /** `{age}`, `{fault}`. */
    readonly lastFault: string;
    /** `{day}`. */
    readonly calibrated: string;
    readonly warnings: Readonly<Record<DeviceHealth['warnings'][number], string>>;
    /** `{kind}`, `{median}`, `{high}`, `{count}`. */
    readonly latency: string;
    /** By the names of kinds of exchange; one not listed is shown as named. */
    readonly exchanges: Readonly<Record<string, string>>;
  };
  readonly selfTest: {
    readonly run: string;
    /** `{role}`. */
    readonly runFor: string;
    readonly running: string;
    readonly passed: string;
    readonly failed: string;
  };
  readonly trial: {
    readonly title: string;
    readonly text: string;
    readonly run: string;
    readonly end: string;
    readonly clear: string;
    readonly place: string;
    readonly seen: string;
    readonly captured: string;
    /** `{percent}`. */
    readonly quality: string;
    readonly picture: string;
  };
  readonly queue: {
    readonly title: string;
    readonly uplink: string;
    readonly states: Readonly<Record<QueueView['uplink'], string>>;
    readonly ready: string;
    readonly parked: string;
    readonly bytes: string;
    readonly oldest: string;
    readonly delivered: string;
    readonly lastFault: string;
    readonly none: string;
    readonly admission: string;
    readonly admissions: Readonly<Record<QueueView['admission'], string>>;
  };
  readonly parked: {
    readonly title: string;
    readonly text: string;
    readonly lanes: Readonly<Record<ParkedPacket['lane'], string>>;
    readonly lane: string;
    readonly id: string;
    readonly why: string;
    readonly size: string;
    readonly age: string;
    readonly action: string;
    readonly again: string;
    readonly againFor: string;
    readonly refusals: Readonly<Record<string, string>>;
  };
  readonly list: {
    readonly title: string;
    readonly standing: string;
    readonly standings: Readonly<Record<ListStanding, string>>;
    readonly least: string;
    readonly none: string;
    readonly place: string;
    readonly places: Readonly<Record<ListCopy['place'], string>>;
    readonly where: string;
    readonly version: string;
    readonly alerts: string;
    readonly madeAt: string;
    readonly expiresAt: string;
    readonly unknown: string;
  };
  readonly trust: {
    readonly title: string;
    readonly storeKey: string;
    readonly storeKeys: Readonly<Record<TrustView['storeKey'], string>>;
    readonly rollback: string;
    readonly rollbacks: Readonly<Record<TrustView['rollback'], string>>;
    readonly certificate: string;
    readonly keys: string;
    /** `{number}`, `{age}`. */
    readonly keysIssued: string;
    readonly heard: string;
    /** `{age}`. */
    readonly heardAgo: string;
    readonly notHeard: string;
    readonly sealing: string;
    /** `{day}`, `{age}`. */
    readonly until: string;
    /** `{day}`. */
    readonly ended: string;
    readonly noKey: string;
    readonly warnings: Readonly<Record<TrustView['warnings'][number], string>>;
  };
  readonly log: Readonly<Record<'title' | 'text' | 'run' | 'file' | 'key', string>>;
  readonly measures: {
    readonly title: string;
    readonly none: string;
    readonly name: string;
    readonly count: string;
    readonly median: string;
    readonly high: string;
  };
  readonly versions: { readonly title: string; readonly none: string };
  readonly faults: Readonly<Record<FaultCode, string>>;
  readonly away: { readonly title: string; readonly text: string };
}
