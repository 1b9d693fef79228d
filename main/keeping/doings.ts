import type { AuditEvent } from '../contract/audit.ts';
import type { DeviceView } from '../contract/technician.ts';

/** Why travellers are not served. */
export type Cause = (AuditEvent & { event: 'self-service-left' })['cause'];

/** Turns states that are looked at again and again into events that are logged once. */
export interface Doings {
  /** Why nobody is served now, or false. */
  serving(cause: Cause | false): void;
  devices(view: readonly Pick<DeviceView, 'role' | 'state' | 'fault'>[]): void;
}

/** Watches what is told of, from now on. */
export function watchDoings(note: (event: AuditEvent) => void): Doings {
  let serving: boolean | undefined;
  const out = new Set<string>();
  return {
    serving(cause) {
      if (serving === !cause) return;
      serving = !cause;
      note(cause ? { event: 'self-service-left', cause } : { event: 'self-service-entered' });
    },
    devices(view) {
      for (const { role, state, fault } of view) {
        if (state !== 'out') out.delete(role);
        else if (!out.has(role)) {
          out.add(role);
          note({ event: 'device-out', role, fault: fault || 'device.quarantined' });
        }
      }
    },
  };
}
