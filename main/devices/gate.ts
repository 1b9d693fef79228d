import type { Device } from './open-device.ts';

/** How a door stands; `unknown` while it moves, is blocked, or nothing is heard of it. */
export type DoorState = 'closed' | 'open' | 'unknown';

/** What a gate sees of people, and whether its doors obey; what its board cannot tell is left out. */
export interface GateSight {
  /** Someone stands before the door. */
  readonly before?: boolean;
  /** Someone stands in the passage. */
  readonly inside?: boolean;
  /** How many stand in the passage. */
  readonly people?: number;
  /** `fail-safe`: the board closed because it heard nothing; `released`: the emergency release was pulled, doors are free. */
  readonly mode: 'normal' | 'fail-safe' | 'released';
}

/** How an opening came out: with more (or fewer) than one person in the passage the gate stays, or is again, shut. */
export type Opening = 'opened' | 'not-alone';

/** `alarm` ends by itself. */
export type Buzz = 'once' | 'twice' | 'alarm' | 'off';

/** A gate of any make: one door, one light, one passage at a time. Its board closes it when this side falls silent. */
export interface Gate extends Device {
  readonly state: DoorState;
  readonly sight: GateSight;
  /** Whether it tells of people who follow another through. */
  readonly seesTailgating: boolean;
  /**
   * Resolves when the door stands open and the light is green, or when it must not open. When the signal fires first the
   * door is closed again and the call fails with `capture.cancelled`; else `device.timeout`, `device.broken`, `device.absent`.
   */
  open(options: { readonly signal: AbortSignal }): Promise<Opening>;
  /** Resolves when the door stands closed and the light is red. Fails with `device.timeout`, `device.broken`, `device.absent`. */
  close(): Promise<void>;
  /** Sounds the buzzer, where there is one. */
  buzz(pattern: Buzz): Promise<void>;
  /** Called when the door or what is seen changes. */
  onChange(hear: (state: DoorState) => void): () => void;
  /** Called once for every person who went through. */
  onPassage(hear: () => void): () => void;
  /** Called once for every person who followed another through. */
  onTailgating(hear: () => void): () => void;
  closePort(): Promise<void>;
}
