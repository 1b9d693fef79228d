import { Fault } from '../contract/fault.ts';
import type { GreyImage } from '../contract/image.ts';
import { mostPicturePx, type Trial, type TrialResult } from '../contract/technician.ts';
import type { Devices } from '../devices/registry.ts';
import { smaller } from '../devices/smaller-image.ts';

/** A finger of the technician's own on the scanner, to see what the scanner sees. */
export interface FingerTrial {
  /** The gate is out of service while this is so: what lies on the glass is no traveller's finger. */
  readonly running: boolean;
  /** Captures one finger, showing it on the way. Faults `device.busy` in a crossing or another trial, or as the scanner's. */
  run(): Promise<TrialResult>;
  stop(): void;
}

const longestMs = 30_000;
const nothingShown: Trial = { running: false, finger: false, qualityPercent: 0 };

/** What a trial works with. */
export interface TrialOptions {
  readonly devices: Pick<Devices, 'scanner'>;
  /** Whether no crossing is under way. */
  readonly idle: () => boolean;
  readonly tell: (trial: Trial) => void;
  /** Told whenever a trial begins or ends. */
  readonly changed: () => void;
}

/** Lets a technician try the finger scanner while no traveller is there. Pictures are overwritten as soon as they are sent. */
export function openFingerTrial({ devices, idle, tell, changed }: TrialOptions): FingerTrial {
  let ending: AbortController | undefined;

  const show = (trial: Trial, full?: GreyImage): void => {
    tell(trial);
    trial.picture?.pixels.fill(0);
    full?.pixels.fill(0);
  };

  const capture = async (signal: AbortSignal): Promise<TrialResult> => {
    let finger = false;
    let qualityPercent = 0;
    let picture: GreyImage | undefined;
    const scanner = await devices.scanner(signal);
    for await (const event of scanner.capture({ signal, previews: true })) {
      if (event.type === 'finger') finger = event.present;
      if (event.type === 'preview') ({ qualityPercent } = event);
      if (event.type === 'image') {
        picture = smaller(event.image, mostPicturePx);
        event.image.pixels.fill(0);
      } else if (event.type === 'preview') {
        const shown = smaller(event.image, mostPicturePx);
        show({ running: true, finger, qualityPercent, picture: shown }, event.image);
      } else show({ running: true, finger, qualityPercent });
    }
    if (!picture) throw new Fault('device.protocol', 'a capture without an image');
    const { widthPx, heightPx, pixels } = picture;
    return { widthPx, heightPx, pixels };
  };

  return {
    get running() {
      return ending !== undefined;
    },
    async run() {
      if (ending || !idle()) throw new Fault('device.busy');
      const own = new AbortController();
      ending = own;
      changed();
      show({ ...nothingShown, running: true });
      try {
        return await capture(AbortSignal.any([own.signal, AbortSignal.timeout(longestMs)]));
      } finally {
        ending = undefined;
        show(nothingShown);
        changed();
      }
    },
    stop: () => ending?.abort(),
  };
}
