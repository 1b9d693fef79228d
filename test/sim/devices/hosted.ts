/** A model that is plugged into a real kernel. Each may be called again. */
export interface Hosted {
  unplug(): Promise<void>;
  replug(): Promise<void>;
}
