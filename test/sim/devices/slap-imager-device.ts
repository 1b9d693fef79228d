import type { GreyImage } from '../../../main/contract/image.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { reportInterface } from '../../../main/devices/usb-report-port.ts';
import type { Verbs } from '../control.ts';
import { Cable, cabledUsb } from './cable.ts';
import type { ImagerDeviceOptions } from './finger-imager-device.ts';
import { imageReceived, type SentImage, type SimDevice, until } from './sim-device.ts';
import { SlapImagerModel } from './slap-imager-model.ts';

/** The four-finger imager as a device to plug in, with the verbs of its glass. */
export function slapImagerDevice(clock: Clock, options: ImagerDeviceOptions = {}): SimDevice {
  let onGlass: GreyImage = { widthPx: 1600, heightPx: 1500, dpi: 500, pixels: new Uint8Array(1600 * 1500).fill(240) };
  const model = new SlapImagerModel({ clock, image: () => onGlass, ...options });
  const { imager } = model;
  const cable = new Cable(clock);
  const lay = ({ image, fingers = 0x0f }: Laid): void => {
    if (image) onGlass = imageReceived(image);
    imager.fingers = fingers;
    imager.finger(true);
  };
  const verbs = {
    ...cable.verbs,
    /** A hand lies on the glass, or no more; what it looks like is kept until another image is sent. */
    hand: ({ present = true, ...laid }: { present?: boolean } & Laid) => (present ? lay(laid) : imager.finger(false)),
    /** A hand is laid, imaged and lifted. */
    async scan(laid: Laid) {
      const before = imager.counters.images;
      lay(laid);
      await until(clock, () => imager.counters.images > before, 'an image of the hand');
      imager.finger(false);
    },
    retry: ({ code }: { code: number }) => imager.retry(code),
    error: ({ code }: { code: number }) => imager.error(code),
    sleep: ({ delayMs }: { delayMs: number }) => imager.sleep(delayMs),
    /** What the device itself thinks of the hand. */
    judge: ({ percent }: { percent: number }) => void (imager.qualityPercent = percent),
    state: () => ({ state: imager.state, ...imager.counters }),
  } satisfies Verbs;
  return {
    bus: 'usb',
    model: cabledUsb(model, cable),
    cable,
    verbs,
    identity: {
      vendorId: 0x1209,
      productId: 4,
      serial: options.serial ?? 'SI-0001',
      product: options.model ?? 'Reference slap imager',
    },
    interfaces: [{ number: 0, ...reportInterface }],
    powerOff: () => imager.reset(),
  };
}

/** What is laid on the glass: an image, and a bit for each finger that the device sees, from the left. */
interface Laid {
  readonly image?: SentImage;
  readonly fingers?: number;
}
