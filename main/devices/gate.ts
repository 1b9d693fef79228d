import type { Device } from './open-device.ts';

/** How a door stands; `unknown` while it moves, is blocked, or nothing is heard of it. */
export type DoorState = 'closed' | 'open' | 'unknown';

/** A gate of any make: one door, one light, one passage at a time. Its board closes it when this side falls silent. */
export interface Gate extends Device {
  readonly state: DoorState;
  /**
   * Resolves when the door stands open and the light is green. When the signal fires first the door is closed again
   * and the call fails with `capture.cancelled`; else `device.timeout`, `device.broken`, `device.absent`.
   */
  open(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Resolves when the door stands closed and the light is red. Fails with `device.timeout`, `device.broken`, `device.absent`. */
  close(): Promise<void>;
  onChange(hear: (state: DoorState) => void): () => void;
  /** Called once for every person who went through. */
  onPassage(hear: () => void): () => void;
  closePort(): Promise<void>;
}
