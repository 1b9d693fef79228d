/** Everything that can go wrong, in one closed table: when a retry helps, and who must act. */
export const faults = {
  'device.absent': { retry: 'replug', tell: 'guard' },
  'device.busy': { retry: 'now', tell: 'nobody' },
  'device.protocol': { retry: 'now', tell: 'technician' },
  'device.broken': { retry: 'never', tell: 'technician' },
  'device.forbidden': { retry: 'later', tell: 'technician' },
  'device.hostile': { retry: 'replug', tell: 'technician' },
  'device.quarantined': { retry: 'replug', tell: 'technician' },
  'device.timeout': { retry: 'now', tell: 'guard' },
  'camera.absent': { retry: 'replug', tell: 'guard' },
  'camera.unmatched': { retry: 'replug', tell: 'technician' },
  'camera.denied': { retry: 'never', tell: 'technician' },
  'camera.silent': { retry: 'now', tell: 'technician' },
  'camera.frozen': { retry: 'now', tell: 'technician' },
  'camera.black': { retry: 'now', tell: 'technician' },
  'camera.white': { retry: 'now', tell: 'technician' },
  'capture.cancelled': { retry: 'now', tell: 'nobody' },
  'image.malformed': { retry: 'now', tell: 'technician' },
  'template.malformed': { retry: 'never', tell: 'technician' },
  'template.incomparable': { retry: 'never', tell: 'technician' },
  'document.malformed': { retry: 'now', tell: 'traveller' },
  'model.missing': { retry: 'never', tell: 'technician' },
  'model.altered': { retry: 'never', tell: 'technician' },
  'watchlist.malformed': { retry: 'never', tell: 'technician' },
  'watchlist.refused': { retry: 'later', tell: 'technician' },
  'watchlist.unavailable': { retry: 'later', tell: 'guard' },
  'watchlist.old': { retry: 'never', tell: 'technician' },
  'store.corrupt': { retry: 'never', tell: 'technician' },
  'store.full': { retry: 'later', tell: 'guard' },
  'store.failed': { retry: 'later', tell: 'technician' },
  'store.rolled-back': { retry: 'never', tell: 'technician' },
  'tpm.absent': { retry: 'later', tell: 'technician' },
  'tpm.changed': { retry: 'never', tell: 'technician' },
  'tpm.refused': { retry: 'never', tell: 'technician' },
  'tpm.unmeasured': { retry: 'never', tell: 'technician' },
  'uplink.offline': { retry: 'later', tell: 'nobody' },
  'uplink.refused': { retry: 'never', tell: 'technician' },
  'uplink.receipt': { retry: 'later', tell: 'technician' },
  'search.offline': { retry: 'later', tell: 'guard' },
  'search.refused': { retry: 'never', tell: 'technician' },
  'search.malformed': { retry: 'later', tell: 'technician' },
  'seal.failed': { retry: 'never', tell: 'technician' },
  'audit.malformed': { retry: 'never', tell: 'technician' },
  'keys.refused': { retry: 'later', tell: 'technician' },
  'keys.stale': { retry: 'later', tell: 'technician' },
  'keys.unusable': { retry: 'later', tell: 'technician' },
  'config.invalid': { retry: 'never', tell: 'technician' },
  'contract.breach': { retry: 'never', tell: 'technician' },
  'wire.closed': { retry: 'later', tell: 'nobody' },
  internal: { retry: 'never', tell: 'technician' },
} as const;

/** A row of the fault table. */
export type FaultCode = keyof typeof faults;

/** The one error class. Only its code ever crosses a wire; words for people live in renderer/words. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string = code, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Gives any thrown value a code and keeps it as the cause. A Fault passes through as it is. */
  static from(error: unknown, code: FaultCode = 'internal'): Fault {
    if (error instanceof Fault) return error;
    return new Fault(code, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
